"""Our HMAC is the standard's."""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.mac import mac


@given(st.binary(max_size=200), st.binary(max_size=500))
def test_it_is_what_the_standard_library_computes(key: bytes, message: bytes) -> None:
    assert mac(key, message) == hmac.digest(key, message, "sha256")
    assert mac(key, message) == mac(key, message)
