"""The tree against RFC 6962's own recursive definitions, and the vectors of the Certificate Transparency project."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    complete_subtrees,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

VECTOR_ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
VECTOR_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(number.to_bytes(4)) for number in range(300)]
sizes = st.integers(0, len(LEAVES))


def split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def model_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(model_root(leaves[:k]), model_root(leaves[k:]))


def model_path(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*model_path(index, leaves[:k]), model_root(leaves[k:])]
    return [*model_path(index - k, leaves[k:]), model_root(leaves[:k])]


def model_proof(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [model_root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*model_proof(old, leaves[:k], whole), model_root(leaves[k:])]
    return [*model_proof(old - k, leaves[k:], False), model_root(leaves[:k])]


def hash_at(level: int, index: int) -> bytes:
    return model_root(LEAVES[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_certificate_transparency_vectors(size: int) -> None:
    assert root_of(map(leaf_hash, VECTOR_ENTRIES[:size])).hex() == VECTOR_ROOTS[size]


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == sha256(b"").digest()


@given(sizes, sizes)
def test_a_frontier_taken_up_again_grows_to_the_model_s_root(first: int, second: int) -> None:
    stop, size = sorted((first, second))
    early = Frontier()
    early.extend(LEAVES[:stop])
    late = Frontier(early.size, early.edge)
    late.extend(LEAVES[stop:size])
    assert early.root() == model_root(LEAVES[:stop])
    assert (late.size, late.root()) == (size, model_root(LEAVES[:size]))


def test_what_a_copy_appends_does_not_show_in_the_original() -> None:
    frontier = Frontier()
    frontier.append(LEAVES[0])
    copy = frontier.copy()
    copy.append(LEAVES[1])
    assert (frontier.size, frontier.root(), copy.size) == (1, LEAVES[0], 2)


@pytest.mark.parametrize(("size", "edge"), [(1, b""), (0, bytes(32)), (2, bytes(31)), (3, bytes(32)), (-1, bytes(32))])
def test_an_edge_of_another_size_is_refused(size: int, edge: bytes) -> None:
    with pytest.raises(ValueError, match="is none of a tree"):
        Frontier(size, edge)


@given(st.data())
def test_inclusion_proofs_are_the_model_s_and_verify(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, hash_at)
    assert proof == model_path(index, LEAVES[:size])
    assert verify_inclusion(LEAVES[index], index, size, proof, model_root(LEAVES[:size]))


@given(st.data())
def test_an_inclusion_proof_of_another_leaf_place_size_or_length_does_not_verify(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    root = model_root(LEAVES[:size])
    proof = inclusion_proof(index, size, hash_at)
    assert not verify_inclusion(leaf_hash(b"another"), index, size, proof, root)
    assert not verify_inclusion(LEAVES[index], index ^ 1, size, proof, root)
    assert not verify_inclusion(LEAVES[index], size, size, proof, root)
    assert not verify_inclusion(LEAVES[index], -1, size, proof, root)
    assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], root)
    assert not verify_inclusion(LEAVES[index], index, size, [*proof, root], root)
    changed = data.draw(st.integers(0, len(proof) - 1))
    proof[changed] = leaf_hash(proof[changed])
    assert not verify_inclusion(LEAVES[index], index, size, proof, root)


@given(sizes, sizes)
def test_consistency_proofs_are_the_model_s_and_verify(first: int, second: int) -> None:
    old, new = sorted((first, second))
    proof = consistency_proof(old, new, hash_at)
    if old:
        assert proof == model_proof(old, LEAVES[:new])
    assert verify_consistency(old, new, model_root(LEAVES[:old]), model_root(LEAVES[:new]), proof)


@given(st.data())
def test_a_consistency_proof_for_another_history_does_not_verify(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, len(LEAVES)))
    old = data.draw(st.integers(1, new - 1))
    old_root, new_root = model_root(LEAVES[:old]), model_root(LEAVES[:new])
    proof = consistency_proof(old, new, hash_at)
    rewritten = model_root([leaf_hash(b"another"), *LEAVES[1:old]])
    assert not verify_consistency(old, new, rewritten, new_root, proof)
    assert not verify_consistency(old, new, old_root, rewritten, proof)
    assert not verify_consistency(new, old, new_root, old_root, proof)
    assert not verify_consistency(old, new, old_root, new_root, proof[:-1])
    assert not verify_consistency(old, new, old_root, new_root, [*proof, new_root])
    assert not verify_consistency(0, new, old_root, new_root, [])
    changed = data.draw(st.integers(0, len(proof) - 1))
    proof[changed] = leaf_hash(proof[changed])
    assert not verify_consistency(old, new, old_root, new_root, proof)


def test_a_tree_is_consistent_with_itself_only_by_an_empty_proof() -> None:
    root = model_root(LEAVES[:5])
    assert verify_consistency(5, 5, root, root, [])
    assert not verify_consistency(5, 5, root, root, [root])
    assert not verify_consistency(5, 5, root, LEAVES[0], [])


def test_no_proof_is_built_for_what_the_tree_does_not_have() -> None:
    with pytest.raises(ValueError, match="no leaf 3 in a tree of 3"):
        inclusion_proof(3, 3, hash_at)
    with pytest.raises(ValueError, match="does not extend"):
        consistency_proof(4, 3, hash_at)


@given(sizes, sizes)
def test_complete_subtrees_cover_a_range_without_gap_or_overlap(first: int, second: int) -> None:
    start, end = sorted((first, second))
    covered = [leaf for level, at in complete_subtrees(start, end) for leaf in range(at << level, (at + 1) << level)]
    assert covered == list(range(start, end))
