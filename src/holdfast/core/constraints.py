"""Which constraint of the database stands for which refusal, should a rule ever let through what it forbids."""

import psycopg

from holdfast.domain.refusals import Refusal

BY_CONSTRAINT = {
    "claim_overlap": Refusal.slot_taken,
    "cell_founded": Refusal.cell_founded,
    "email_taken": Refusal.email_taken,
    "category_slug_taken": Refusal.category_slug_taken,
    "review_one_a_side": Refusal.review_exists,
    "booking_own_listing": Refusal.own_listing,
    "booking_refund_within_total": Refusal.refund_changed,
}


def refusal_of(error: Exception) -> Refusal:
    """The refusal that a broken constraint means; set_aside for any other error in the data."""
    constraint = error.diag.constraint_name if isinstance(error, psycopg.Error) else None
    return BY_CONSTRAINT.get(constraint or "", Refusal.set_aside)
