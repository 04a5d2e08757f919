"""Whom a limit by address counts as one."""

import ipaddress


def household(host: str) -> str:
    """The peer's address; an IPv6 one cut to the /64 that one household has."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
