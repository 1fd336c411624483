"""What one OCPP 1.6 frame is, whether it is valid, and which rule it breaks. Pure."""

import difflib
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Literal

from csms.kernel.errors import InvalidError
from csms.ocpp.catalog import ActionSpec, Kind, Sender, actions_of, find_action, validate_payload
from csms.ocpp.codec import decode_request, decode_response
from csms.ocpp.envelope import BadFrameReason
from csms.ocpp.errors import ErrorCode, WireError
from csms.ocpp.frame_repair import mend_action, mend_frame, noise_of
from csms.ocpp.frames import (
    ID_LENGTH_TOLERATED,
    BadFrame,
    Call,
    CallError,
    CallResult,
    Frame,
    decode_frame,
)
from csms.ocpp.leniency import LENIENT, RULES_BY_NAME, STRICT, Repair
from csms.ocpp.schema import SchemaFault, error_of
from csms.ocpp.tolerant_json import read_tolerantly

Verdict = Literal["valid", "repaired", "invalid", "unchecked", "ignored"]

SHOWN_VALUE: Final = 80
_BAD_FRAME_SECTIONS: Final = {
    BadFrameReason.NOT_UTF8: "J 4.1.2",
    BadFrameReason.NOT_JSON: "J 4.2",
    BadFrameReason.TOO_DEEP: "J 4.2",
    BadFrameReason.NOT_AN_ARRAY: "J 4.2",
    BadFrameReason.EMPTY: "J 4.2",
    BadFrameReason.UNKNOWN_TYPE: "J 4.1.3",
    BadFrameReason.WRONG_ARITY: "J 4.2",
    BadFrameReason.UNREADABLE_ID: "J 4.1.4",
    BadFrameReason.ID_TOO_LONG: "J 4.1.4",
    BadFrameReason.UNREADABLE_ACTION: "J 4.2.1",
    BadFrameReason.UNREADABLE_ERROR: "J 4.2.3",
}
_SENDERS: Final = {
    Sender.CHARGER: "the charger asks, the central system answers",
    Sender.CENTRAL_SYSTEM: "the central system asks, the charger answers",
    Sender.BOTH: "either side asks, the other answers",
}


class UnknownAnswerActionError(InvalidError):
    """OCPP 1.6 has no action of that name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: where, which, the error class that it earns, and the section."""

    path: str
    rule: str
    detail: str
    error_code: str
    section: str


@dataclass(frozen=True, slots=True)
class RepairMade:
    """One leniency rule at work."""

    rule: str
    path: str
    raw: str
    used: str
    reason: str
    section: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that can be said of a frame alone; sections: J is OCPP-J 1.6, else OCPP 1.6."""

    kind: str
    message_id: str | None
    action: str | None
    meaning: str
    direction: str | None
    section: str | None
    verdict: Verdict
    faults: tuple[Fault, ...] = ()
    repairs: tuple[RepairMade, ...] = ()
    consequence: str = ""


def explain_frame(raw: bytes, *, answer_to: str | None = None) -> Explanation:
    """Explain a frame; `answer_to` names the action that a CALLRESULT answers.

    Raises UnknownAnswerActionError.
    """
    asked = None if answer_to is None else _known_action(answer_to)
    frame = decode_frame(raw)
    if isinstance(frame, BadFrame):
        mended = mend_frame(raw, LENIENT, id_length_max=ID_LENGTH_TOLERATED)
        word = noise_of(raw, LENIENT)
        if word is not None:
            return _noise(word)
        if mended is not None:
            return _mended(_explain(mended.frame, asked), mended.repairs)
    return _explain(frame, asked)


def _explain(frame: Frame, asked: ActionSpec | None) -> Explanation:
    match frame:
        case Call():
            spelled = mend_action(frame, LENIENT) if _is_unknown(frame) else None
            if spelled is not None:
                return _mended(_explain_call(spelled[0]), (spelled[1],))
            return _explain_call(frame)
        case CallResult():
            return _explain_result(frame, asked)
        case CallError():
            return _explain_error(frame, asked)
        case BadFrame():
            return _explain_bad(frame)


def _is_unknown(call: Call) -> bool:
    return find_action("1.6", call.action) is None


def _mended(explanation: Explanation, repairs: tuple[Repair, ...]) -> Explanation:
    """Return what is said of a frame that leniency had to mend before it could be read."""
    made = tuple(_made(one) for one in repairs)
    faults = tuple(
        Fault(
            one.path, one.rule, RULES_BY_NAME[one.rule].deviation, "FormationViolation", one.section
        )
        for one in made
    )
    is_understood = explanation.verdict in {"valid", "repaired", "unchecked"}
    return replace(
        explanation,
        verdict="repaired" if is_understood else explanation.verdict,
        faults=faults + explanation.faults,
        repairs=made + explanation.repairs,
    )


def _noise(word: str) -> Explanation:
    made = _made(Repair("text-noise", "", word, "a sign of life"))
    return Explanation(
        "noise", None, None, "a word in place of a frame", None, made.section, "repaired",
        (Fault("", "text-noise", "no JSON array", "-", made.section),), (made,),
        "counts as a sign of life; garbage where the charger is strict",
    )  # fmt: skip


def _known_action(name: str) -> ActionSpec:
    spec = find_action("1.6", name)
    if spec is None:
        close = _close_to(name)
        hint = f"; did you mean {close}?" if close else ""
        raise UnknownAnswerActionError(f"OCPP 1.6 has no action {name!r}{hint}")
    return spec


def _close_to(name: str) -> str:
    names = {spec.name.lower(): spec.name for spec in actions_of("1.6")}
    return ", ".join(names[one] for one in difflib.get_close_matches(name.lower(), names, n=2))


def _explain_call(frame: Call) -> Explanation:
    spec = find_action("1.6", frame.action)
    if spec is None:
        close = _close_to(frame.action)
        hint = f"; close to {close}" if close else ""
        fault = Fault("", "action", f"no such action{hint}", "NotImplemented", "J 4.2.1")
        return Explanation(
            "CALL", frame.message_id, frame.action, "a request", None, None, "invalid", (fault,),
            consequence="answered with CALLERROR NotImplemented",
        )  # fmt: skip
    payload = bytes(frame.payload_raw)
    is_ours = spec.sender is Sender.CENTRAL_SYSTEM
    faults, repairs, refusal = _judge(spec, "request", payload)
    if is_ours:
        consequence = (
            "the charger may refuse it: it is not what the schema allows" if faults else ""
        )
        return _explanation("CALL", frame.message_id, spec, faults, (), consequence)
    return _explanation(
        "CALL", frame.message_id, spec, faults, repairs, _answer(refusal, faults), refusal
    )


def _answer(refusal: WireError | None, faults: tuple[Fault, ...]) -> str:
    if refusal is not None:
        return f"answered with CALLERROR {refusal.code} ({refusal})"
    if faults:
        return "understood and answered with CALLRESULT; refused where the charger is strict"
    return "answered with CALLRESULT"


def _explain_result(frame: CallResult, asked: ActionSpec | None) -> Explanation:
    if asked is None:
        return Explanation(
            "CALLRESULT", frame.message_id, None, "the answer to a request", None, "J 4.2.2",
            "unchecked",
            consequence="a CALLRESULT does not name its action: --answer-to ACTION checks it",
        )  # fmt: skip
    faults, repairs, refusal = _judge(asked, "response", bytes(frame.payload_raw))
    if asked.sender is Sender.CHARGER:
        consequence = "the charger may not understand this answer" if faults else ""
        return _explanation("CALLRESULT", frame.message_id, asked, faults, (), consequence)
    consequence = "settles its operation"
    if refusal is not None:
        consequence = "ends its operation as invalid; the raw frame is kept"
    return _explanation(
        "CALLRESULT", frame.message_id, asked, faults, repairs, consequence, refusal
    )


def _explain_error(frame: CallError, asked: ActionSpec | None) -> Explanation:
    codes = {code.value for code in ErrorCode}
    faults: tuple[Fault, ...] = ()
    if frame.code not in codes:
        detail = f"{frame.code[:SHOWN_VALUE]!r} is none of {', '.join(sorted(codes))}"
        faults = (Fault("errorCode", "enum", detail, "-", "J 4.2.3, table 7"),)
    said = f": {frame.description}" if frame.description else ""
    return Explanation(
        kind="CALLERROR",
        message_id=frame.message_id,
        action=None if asked is None else asked.name,
        meaning=f"a request was refused with {frame.code}{said}",
        direction=None,
        section="J 4.2.3",
        verdict="repaired" if faults else "valid",
        faults=faults,
        consequence="ends the request that it answers; its code is kept as sent",
    )


def _explain_bad(frame: BadFrame) -> Explanation:
    section = _BAD_FRAME_SECTIONS[frame.reason]
    is_ignored = frame.reason is BadFrameReason.UNKNOWN_TYPE
    code = "FormationViolation" if frame.is_call and frame.message_id else "-"
    consequence = "logged and counted; there is no readable id to answer to"
    if is_ignored:
        consequence = "ignored, as the specification asks for unknown message types"
    elif code != "-":
        consequence = "answered with CALLERROR FormationViolation"
    elif frame.message_id is not None:
        consequence = "logged and counted; only requests are answered"
    return Explanation(
        kind="no frame",
        message_id=frame.message_id,
        action=None,
        meaning="not a frame of OCPP-J",
        direction=None,
        section=section,
        verdict="ignored" if is_ignored else "invalid",
        faults=(Fault("", str(frame.reason), frame.detail, code, section),),
        consequence=consequence,
    )


def _explanation(
    kind: str,
    message_id: str,
    spec: ActionSpec,
    faults: tuple[Fault, ...],
    repairs: tuple[RepairMade, ...],
    consequence: str,
    refusal: WireError | None = None,
) -> Explanation:
    verdict: Verdict = "valid"
    if refusal is not None or (faults and not repairs):
        verdict = "invalid"
    elif faults or repairs:
        verdict = "repaired"
    return Explanation(
        kind=kind,
        message_id=message_id,
        action=spec.name,
        meaning=spec.explanation,
        direction=_SENDERS[spec.sender],
        section=f"{spec.section} ({spec.block})",
        verdict=verdict,
        faults=faults,
        repairs=repairs,
        consequence=consequence,
    )


def _judge(
    spec: ActionSpec, kind: Kind, payload: bytes
) -> tuple[tuple[Fault, ...], tuple[RepairMade, ...], WireError | None]:
    """Return every fault of strict reading, what leniency made of them, and what it could not."""
    faults = _strict_faults(spec, kind, payload)
    if not faults:
        return (), (), None
    try:
        repairs = _decoded_repairs(spec, kind, payload, LENIENT)
    except WireError as error:
        return faults, (), error
    return faults, tuple(_made(one) for one in repairs), None


def _strict_faults(spec: ActionSpec, kind: Kind, payload: bytes) -> tuple[Fault, ...]:
    try:
        _decoded_repairs(spec, kind, payload, STRICT)
    except WireError as error:
        strict = Fault(error.path, "reading", error.detail, error.code.value, _section(spec))
    else:
        return ()
    found = _schema_faults(spec, kind, payload)
    return found or (strict,)


def _schema_faults(spec: ActionSpec, kind: Kind, payload: bytes) -> tuple[Fault, ...]:
    try:
        value, _ = read_tolerantly(payload, LENIENT)
    except WireError:
        return ()
    return tuple(_fault(spec, one) for one in validate_payload(spec.name, kind, value))


def _fault(spec: ActionSpec, one: SchemaFault) -> Fault:
    code = error_of([one]).code.value
    return Fault(one.path, one.keyword, one.detail, code, _section(spec))


def _decoded_repairs(
    spec: ActionSpec, kind: Kind, payload: bytes, rules: frozenset[str]
) -> tuple[Repair, ...]:
    if kind == "response":
        return decode_response(spec.name, payload, rules=rules).repairs
    if spec.sender is not Sender.CENTRAL_SYSTEM:
        return decode_request(spec.name, payload, rules=rules).repairs
    # What we send is never repaired: it is held against the schema as it stands.
    value, _ = read_tolerantly(payload, STRICT)
    faults = validate_payload(spec.name, "request", value)
    if faults:
        raise error_of(faults)
    return ()


def _made(repair: Repair) -> RepairMade:
    rule = RULES_BY_NAME[repair.rule]
    used = "set aside" if repair.repaired is None else _shown(repair.repaired)
    return RepairMade(repair.rule, repair.path, _shown(repair.raw), used, rule.reason, rule.section)


def _shown(value: Any) -> str:
    text = str(value) if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= SHOWN_VALUE else f"{text[:SHOWN_VALUE]}..."


def _section(spec: ActionSpec) -> str:
    return f"{spec.section}; J 4.2.3, table 7"
