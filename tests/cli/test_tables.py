"""npf table: out, in, undo, try."""

from pathlib import Path

from tests.cli.conftest import Npf
from tests.connected import DISPATCH, Connected

ROWS = "shipping method;dispatch code\nExpress;EP EXP\ndefault;AP\n"


def test_a_table_goes_out_and_comes_in_again_unchanged(npf: Npf, acme: Connected, tmp_path: Path) -> None:
    file = tmp_path / "dispatch.csv"
    assert "2 rows written" in npf("table", "acme", "dispatch", "--out", str(file)).out
    version = acme.store.settings_version
    done = npf("table", "acme", "dispatch", "--in", str(file))
    assert (done.code, "nothing is different. Nothing was saved." in done.out) == (0, True)
    assert acme.store.settings_version == version


def test_the_difference_is_told_before_and_the_change_can_be_undone(npf: Npf, acme: Connected, tmp_path: Path) -> None:
    file = tmp_path / "dispatch.csv"
    file.write_text(ROWS, encoding="utf-8")
    told = npf("table", "acme", "dispatch", "--in", str(file), "--dry-run", "--json").json
    assert (told["saved"], told["added"][0]["method"], told["removed"][0]["method"]) == (False, "Express", "*express*")
    assert acme.store.dispatch == DISPATCH
    assert "1 added, 1 removed. Saved." in npf("table", "acme", "dispatch", "--in", str(file)).out
    assert acme.store.dispatch == {"Express": "EP EXP", "default": "AP"}
    assert npf("table", "acme", "dispatch", "--undo").code == 0
    assert acme.store.dispatch == DISPATCH


def test_a_bad_file_is_refused_whole_by_line_and_column(npf: Npf, acme: Connected, tmp_path: Path) -> None:
    file = tmp_path / "dispatch.csv"
    file.write_text(ROWS + "Pigeon;SNAIL\n", encoding="utf-8")
    done = npf("table", "acme", "dispatch", "--in", str(file), "--json")
    assert done.code == 2
    assert done.json["problems"][0]["parameter"] == "line 4, column “dispatch code”"
    assert acme.store.dispatch == DISPATCH


def test_the_held_orders_that_a_file_lets_go_are_named(npf: Npf, acme: Connected, tmp_path: Path) -> None:
    acme.tables(dispatch={"Standard": "AP"})
    held = acme.place(shipping_method="By pigeon")
    npf("run", "acme")
    file = tmp_path / "dispatch.csv"
    file.write_text("shipping method,dispatch code\nby pigeon,EXT\n", encoding="utf-8")
    assert npf("table", "acme", "dispatch", "--in", str(file), "--json").json["let_go"] == [held]
    npf("run", "acme")
    assert acme.order(held).sales_orders.get().dispatch_code == "EXT"


def test_a_text_is_tried_with_its_country_and_weight(npf: Npf, acme: Connected) -> None:
    rules = [{"code": "EP", "countries": ["AU"], "up_to_kg": 5}, {"code": "NZ PC", "countries": ["NZ"]}]
    acme.tables(dispatch={"*post*": rules}, bundles={"KIT": {"A": 2}}, sku_map={"X": "Y"})

    def tried(key: str, text: str, *more: str) -> str | None:
        done = npf("table", "acme", key, "--try", text, *more, "--json")
        assert done.code == (0 if done.json["to"] is not None else 1)
        return done.json["to"]  # type: ignore[no-any-return]

    assert tried("dispatch", "Express Post", "--country", "Australia", "--kg", "5") == "EP"
    assert tried("dispatch", "Express Post", "--country", "NZL") == "NZ PC"
    assert tried("dispatch", "Express Post", "--country", "AU", "--kg", "5.1") is None
    assert (tried("bundles", "KIT"), tried("sku_map", "X"), tried("sku_map", "Z")) == ("2 x A", "Y", "Z")
    assert (tried("carriers", "ap"), tried("carriers", "EDI")) == ("auspost", None)
    assert npf("table", "acme", "dispatch", "--try", "x", "--country", "Atlantis").code == 2


def test_wrong_use_is_refused(npf: Npf, acme: Connected) -> None:
    assert "did you mean" in npf("table", "acme", "dispach").err
    assert npf("table", "acme", "dispatch", "--undo").code == 2
    assert npf("table", "acme", "dispatch", "--undo", "--try", "x").code == 2
    assert npf("table", "acme", "dispatch", "--in", "/nowhere/x.csv").code == 2
    assert "*express*" in npf("table", "acme", "dispatch").out
