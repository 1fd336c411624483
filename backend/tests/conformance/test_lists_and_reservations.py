"""Local Auth List Management and Reservation."""

import pytest

from tests.conformance.cases import case
from tests.conformance.stage import Stage, Unit, in_future

pytestmark = pytest.mark.integration
LISTS, RESERVATION = "Local Auth List Management", "Reservation"


@case("TC_042_1", "Local list version: no lists", block=LISTS)
async def test_list_version_not_supported(stage: Stage) -> None:
    unit = await stage.booted(configuration={"LocalAuthListEnabled": "false"})
    asked = await unit.ask("get-local-list-version")
    stage.step("5.10", "-1 is passed on", asked["response"] == {"listVersion": -1})
    known = await stage.get(f"/api/admin/chargers/{unit.id}/local-list")
    stage.step("5.10", "and known", known["told_version"] == -1)


@case("TC_042_2", "Local list version: empty", block=LISTS)
async def test_list_version_empty(stage: Stage) -> None:
    unit = await stage.booted()
    asked = await unit.ask("get-local-list-version")
    stage.step("5.10", "0 is passed on", asked["response"] == {"listVersion": 0})
    known = await stage.get(f"/api/admin/chargers/{unit.id}/local-list")
    stage.step("5.10", "and known", known["told_version"] == 0)


@case("TC_043_1", "Local list not supported", block=LISTS)
async def test_list_not_supported(stage: Stage) -> None:
    unit = await stage.booted(configuration={"LocalAuthListEnabled": "false"})
    asked = await unit.ask("send-local-list", {"update_type": "Full", "entries": []})
    stage.step("5.15", "NotSupported is passed on", asked["status"] == "NotSupported")
    known = await stage.get(f"/api/admin/chargers/{unit.id}/local-list")
    stage.step("5.15", "no list counts as taken", known["accepted_version"] is None)


@case("TC_043_3", "Local list failed", block=LISTS)
async def test_list_failed(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    await unit.ask("send-local-list", {"update_type": "Full"})
    taken = (await unit.told("SendLocalList"))["listVersion"]
    statuses = iter(["Failed", "Accepted"])
    unit.charger.on("SendLocalList", lambda _: {"status": next(statuses)})
    before = unit.charger.received_count
    body = {"update_type": "Differential", "entries": [{"id_tag": tag, "id_tag_info": {}}]}
    asked = await unit.ask("send-local-list", body)
    stage.step("5.15", "Failed is passed on", asked["status"] == "Failed")
    failed = await unit.told("SendLocalList", after=before)
    known = await stage.until(
        f"/api/admin/chargers/{unit.id}/local-list",
        lambda one: one["accepted_version"] not in {None, taken},
    )
    frames = [f for f in unit.charger.received[before:] if f.action == "SendLocalList"]
    full = frames[-1].payload
    stage.step("5.15", "a full list follows", full["updateType"] == "Full")
    newer = failed["listVersion"] < full["listVersion"] == known["accepted_version"]
    stage.step("5.15", "with a version of its own", newer)


@case("TC_043_4", "Full local list", block=LISTS)
async def test_full_list(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    asked = await unit.ask("send-local-list", {"update_type": "Full"})
    stage.step("5.15", "the full list is Accepted", asked["status"] == "Accepted")
    told = await unit.told("SendLocalList")
    stage.step("6.41", "its version is a positive number of ours", told["listVersion"] > 0)
    listed = {one["idTag"]: one for one in told["localAuthorizationList"]}
    stage.step("7.1", "the registered tags are on it", tag in listed)
    stage.step("7.1", "with their status", listed[tag]["idTagInfo"]["status"] == "Accepted")
    asked = await unit.ask("get-local-list-version")
    held = asked["response"]["listVersion"]
    stage.step("5.10", "the charger holds that version", held == told["listVersion"])


@case("TC_043_5", "Differential local list", block=LISTS)
async def test_differential_list(stage: Stage) -> None:
    unit = await stage.booted()
    await stage.tag()
    await unit.ask("send-local-list", {"update_type": "Full"})
    full = await unit.told("SendLocalList")
    new = await stage.tag()
    before = unit.charger.received_count
    asked = await unit.ask("send-local-list", {"update_type": "Differential"})
    stage.step("5.15", "the differential list is Accepted", asked["status"] == "Accepted")
    told = await unit.told("SendLocalList", after=before)
    names = [one["idTag"] for one in told["localAuthorizationList"]]
    stage.step("5.15", "it holds the change only", names == [new])
    stage.step("6.41", "its version is higher", told["listVersion"] > full["listVersion"])
    known = await stage.get(f"/api/admin/chargers/{unit.id}/local-list")
    held = {one["idTag"] for one in known["entries"]}
    whole = {one["idTag"] for one in full["localAuthorizationList"]} | {new}
    stage.step("5.15", "we know what the charger holds", held == whole)


async def _reserve(
    stage: Stage, unit: Unit, tag: str, *, expires_s: float = 3600, connector_id: int = 1
) -> dict[str, object]:
    body = {
        "connector_id": connector_id,
        "id_tag": tag,
        "expires_at": in_future(seconds=expires_s),
    }
    before = unit.charger.received_count
    asked = await unit.ask("reserve-now", body)
    told = await unit.told("ReserveNow", after=before)
    stage.step("6.37", "ReserveNow carries a positive id of ours", told["reservationId"] > 0)
    record: dict[str, object] = await stage.get(f"/api/admin/reservations/{told['reservationId']}")
    return {"asked": asked["status"], **record}


async def _until_reservation(stage: Stage, reservation: dict[str, object], status: str) -> None:
    await stage.until(
        f"/api/admin/reservations/{reservation['id']}", lambda one: one["status"] == status
    )


@case("TC_046", "Reservation used by its id", block=RESERVATION)
async def test_reservation_used(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    reservation = await _reserve(stage, unit, tag)
    stage.step("5.13", "ReserveNow is Accepted", reservation["asked"] == "Accepted")
    stage.step("5.13", "the reservation stands", reservation["status"] == "ACCEPTED")
    await unit.until_status(1, "Reserved")
    stage.step("4.9", "the connector is shown Reserved")
    session = await unit.begin(tag)
    start = (await unit.sent("StartTransaction")).payload
    stage.step("4.8", "the start names it", start["reservationId"] == reservation["id"])
    await _until_reservation(stage, reservation, "USED")
    used = await stage.get(f"/api/admin/reservations/{reservation['id']}")
    stage.step("5.13", "it is used by that session", used["transaction_id"] == session.wire_id)


@case("TC_047", "Reservation expires", block=RESERVATION)
async def test_reservation_expires(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    reservation = await _reserve(stage, unit, tag, expires_s=1)
    stage.step("5.13", "ReserveNow is Accepted", reservation["asked"] == "Accepted")
    await unit.until_status(1, "Available")
    await _until_reservation(stage, reservation, "EXPIRED")
    stage.step("5.13", "after its time it is over, and the connector Available")


async def _refused(stage: Stage, status: str, *, prepare: str | None) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    if prepare is not None:
        await unit.charger.status(1, prepare, "OtherError" if prepare == "Faulted" else None)
        await unit.until_status(1, prepare)
    unit.charger.answer("ReserveNow", {"status": status})
    reservation = await _reserve(stage, unit, tag)
    stage.step("5.13", "it goes out whatever we believe", True)
    stage.step("5.13", f"{status} is passed on", reservation["asked"] == status)
    stage.step("5.13", "and on record", reservation["status"] == status.upper())


@case("TC_048_1", "Reservation: Faulted", block=RESERVATION)
async def test_reservation_faulted(stage: Stage) -> None:
    await _refused(stage, "Faulted", prepare="Faulted")


@case("TC_048_2", "Reservation: Occupied", block=RESERVATION)
async def test_reservation_occupied(stage: Stage) -> None:
    await _refused(stage, "Occupied", prepare="Preparing")


@case("TC_048_3", "Reservation: Unavailable", block=RESERVATION)
async def test_reservation_unavailable(stage: Stage) -> None:
    await _refused(stage, "Unavailable", prepare="Unavailable")


@case("TC_048_4", "Reservation: Rejected", block=RESERVATION)
async def test_reservation_rejected(stage: Stage) -> None:
    await _refused(stage, "Rejected", prepare=None)


@case("TC_049", "Reservation of connector 0", block=RESERVATION)
async def test_reservation_of_any_connector(stage: Stage) -> None:
    unit, tag = await stage.booted(connectors=2), await stage.tag()
    reservation = await _reserve(stage, unit, tag, connector_id=0)
    stage.step("5.13", "ReserveNow is Accepted", reservation["asked"] == "Accepted")
    stage.step("5.13", "for any connector", reservation["connector_id"] == 0)
    await unit.begin(tag, connector_id=2)
    await _until_reservation(stage, reservation, "USED")
    stage.step("5.13", "the tag uses it on any connector")


@case("TC_051", "Cancel a reservation", block=RESERVATION)
async def test_cancel_reservation(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    reservation = await _reserve(stage, unit, tag)
    await unit.until_status(1, "Reserved")
    asked = await unit.ask("cancel-reservation", {"reservation_id": reservation["id"]})
    stage.step("5.1", "CancelReservation is Accepted", asked["status"] == "Accepted")
    await _until_reservation(stage, reservation, "CANCELLED")
    await unit.until_status(1, "Available")
    stage.step("5.1", "it is cancelled, and the connector Available")


@case("TC_052", "Cancel an unknown reservation", block=RESERVATION)
async def test_cancel_unknown_reservation(stage: Stage) -> None:
    unit = await stage.booted()
    asked = await unit.ask("cancel-reservation", {"reservation_id": 7})
    told = await unit.told("CancelReservation")
    stage.step("5.1", "it goes out all the same", told == {"reservationId": 7})
    stage.step("5.1", "Rejected is passed on", asked["status"] == "Rejected")


@case("TC_053", "Another id of the same parent charges", block=RESERVATION)
async def test_reservation_for_a_family(stage: Stage) -> None:
    parent = await stage.tag()
    one, other = await stage.tag(parent_id_tag=parent), await stage.tag(parent_id_tag=parent)
    unit = await stage.booted()
    body = {
        "connector_id": 1,
        "id_tag": one,
        "parent_id_tag": parent,
        "expires_at": in_future(hours=1),
    }
    asked = await unit.ask("reserve-now", body)
    stage.step("5.13", "ReserveNow with a parent is Accepted", asked["status"] == "Accepted")
    told = await unit.told("ReserveNow")
    stage.step("6.37", "the parent goes out", told["parentIdTag"] == parent)
    session = await unit.begin(other)
    authorized = await unit.answer_to(await unit.sent("Authorize"))
    info = authorized.payload["idTagInfo"]
    stage.step("4.1", "Authorize tells the parent", info["parentIdTag"] == parent)
    await _until_reservation(stage, {"id": told["reservationId"]}, "USED")
    stage.step("5.13", "the other tag charges", session.id_status == "Accepted")
