"""What is said once, at the top of the page after a form was sent."""

from holdfast.web.languages import phrase

NOTES = {
    "signed_out": phrase("You are signed out."),
    "signed_out_here": phrase(
        "This browser is signed out. The marketplace cannot reach its records right now: the sign-in itself ends as "
        "soon as they are back."
    ),
    "signed_in": phrase("You are signed in."),
    "joined": phrase("Welcome. Your account is ready."),
    "session_ended": phrase("Your sign-in has ended. Sign in again to go on."),
    "saved": phrase("Saved."),
}
