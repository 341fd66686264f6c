"""The message to the packers: what it holds, how it is cut, and that somebody can see what it lacks (fact 52)."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from npf.fm.text import latin1
from npf.orders import document
from npf.orders.gates import judge
from npf.orders.parcels import parcels
from tests.orders.making import address, line, order, settings

MORE = " ..."


def message(*parts: dict[str, Any], **of: Any) -> str:
    whole = order(*parts, **of)
    (parcel,) = parcels(whole, settings())
    return document.build(whole, parcel, settings()).DespatchDetails.CustomerMessage


def verdict(*parts: dict[str, Any], **of: Any) -> str:
    found = judge(order(*parts, **of), settings())
    assert found.decides is None
    assert found.verdicts[-1].gate == "FM's limits"
    return found.verdicts[-1].why


def text_field(name: str, value: str) -> dict[str, Any]:
    return {"type": "Text field", "display_name": name, "display_value": value}


def test_each_parcel_bears_the_wishes_of_its_own_lines_and_the_shoppers_words() -> None:
    wrapped = line(1, "CUP", wrapping_name="Kraft wrap", wrapping_message="With love")
    engraved = line(2, "PEN", product_options=[text_field("Engraving", "To Ada")])
    whole = order(address(51, wrapped), address(52, engraved), customer_message="Ring twice")
    found = [document.build(whole, one, settings()).DespatchDetails for one in parcels(whole, settings())]
    assert [one.CustomerMessage for one in found] == [
        "Gift wrap CUP: Kraft wrap With love; Ring twice",
        "PEN Engraving: To Ada; Ring twice",
    ]
    assert [one.GiftWrappingRequired for one in found] == [True, False]


def test_the_text_of_a_line_that_rides_along_is_told_too() -> None:
    bundle = line(1, "KIT-TEA")
    child = line(2, "CUP", parent_order_product_id=1, product_options=[text_field("Name", "Ada")])
    whole = order(bundle, child)
    with_kit = settings(bundles={"KIT-TEA": {"CUP": 1}})
    (parcel,) = parcels(whole, with_kit)
    assert document.build(whole, parcel, with_kit).DespatchDetails.CustomerMessage == "CUP Name: Ada"


def test_several_lines_of_text_become_one() -> None:
    card = {"type": "Multi-line text field", "display_name": "Card", "display_value": "Dear Ada,\r\nhappy\nbirthday"}
    assert message(line(product_options=[card])) == "CUP Card: Dear Ada, happy birthday"


def test_what_fits_goes_as_it_is_and_nothing_is_said() -> None:
    words = "a" * 49 + " " + "b" * 50
    assert message(line(), customer_message=words) == words
    assert verdict(line(), customer_message=words) == "FM's documented limits are kept"


def test_a_message_that_is_cut_says_so_to_the_packers_and_to_whoever_looks() -> None:
    words = (
        "Please leave it behind the blue bin at the side gate, not at the front, and ring my neighbour on 0412345678"
    )
    found = message(line(), customer_message=words)
    assert (
        found == "Please leave it behind the blue bin at the side gate, not at the front, and ring my neighbour on ..."
    )
    assert "“0412345678” is left out" in verdict(line(), customer_message=words)


def test_letters_that_fm_has_not_are_told_to_whoever_looks() -> None:
    wrapped = line(1, "CUP", wrapping_name="Kraft wrap", wrapping_message="生日快乐")
    assert message(wrapped) == "Gift wrap CUP: Kraft wrap"
    assert "“Gift wrap CUP: Kraft wrap 生日快乐”" in verdict(wrapped)


def test_of_two_parcels_the_one_that_lacks_something_is_told_once() -> None:
    wrapped = line(1, "CUP", wrapping_name="Kraft wrap", wrapping_message="word " * 30)
    whole = address(51, wrapped), address(52, line(2, "PEN"))
    assert verdict(*whole).count("is left out") == 1


@given(
    words=st.lists(st.text(st.sampled_from("abäß0123456789.,-:;()łö'"), min_size=1, max_size=14), max_size=40),
    wrapped=st.booleans(),
)
def test_no_word_and_no_number_is_cut_and_what_is_left_out_is_told_whole(words: list[str], wrapped: bool) -> None:
    more = {"wrapping_name": "Kraft wrap", "wrapping_message": " ".join(words)} if wrapped else {}
    text = "" if wrapped else " ".join(words)
    asked = latin1(" ".join(f"Gift wrap CUP: Kraft wrap {' '.join(words)}".split()) if wrapped else text)
    found = message(line(**more), customer_message=text)
    assert len(found) <= 100
    told = verdict(line(**more), customer_message=text)
    if found == asked:
        assert told == "FM's documented limits are kept"
        return
    assert found.endswith("...")
    kept = found.removesuffix("...").rstrip()
    assert asked.startswith(kept)
    following = asked[len(kept) : len(kept) + 1]
    assert not (kept[-1:].isalnum() and following.isalnum())
    left_out = re.search("“(.*)” is left out", told)
    assert left_out
    assert asked.rstrip(" ,;").endswith(left_out[1])
