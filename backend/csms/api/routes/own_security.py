"""How one's own account is secured: password, second factor, open sessions."""

from fastapi import Request, Response

from csms.api.access import person_router
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.auth import Person, Principal, ServicesOf
from csms.api.guessing import count_proof, may_write_to
from csms.api.paging import RowId
from csms.api.schemas.identity import (
    Asked,
    CodeBody,
    EndedSessions,
    LocaleBody,
    NewPasswordBody,
    OpenSession,
    OpenSessions,
    ProofAndCode,
    ProofBody,
    RecoveryCodes,
    SecondFactorProposal,
    SecurityState,
)
from csms.domain.identity.sessions import Session
from csms.kernel.errors import ForbiddenError
from csms.kernel.ids import SessionId, UserId

router = person_router("/auth", "sign-in")


class KeyNotAllowedError(ForbiddenError):
    """This is done in person, never with an API key."""


@router.get(
    "/security", summary="Show how the account is secured", responses=answers(SecurityState, "It")
)
async def security(services: ServicesOf, person: Person) -> Response:
    """Password, address and second factor of the own account."""
    state = await services.second_factors.state(UserId(person.account.id))
    return json_answer(
        SecurityState(
            has_password=person.account.password_hash is not None,
            is_email_verified=person.account.email_verified_at is not None,
            has_second_factor=state.is_on,
            recovery_codes_left=state.recovery_codes_left,
        )
    )


@router.post(
    "/password",
    status_code=204,
    summary="Change the own password",
    responses=no_content("Changed; other sign-ins are over") | problems(409, 429),
)
async def change_password(
    request: Request, services: ServicesOf, person: Person, body: NewPasswordBody
) -> Response:
    """Needs the present password. This browser stays signed in, all others are signed out."""
    await _prove(request, services, person, body.current_password.get_secret_value())
    account = await services.accounts.set_password(
        person.actor, person.account, body.password.get_secret_value()
    )
    await services.sign_in.end_others(
        person.actor, account.id, _session_of(person), "password_changed"
    )
    await services.self_service.tell_of_change(account, body.locale)
    return Response(status_code=204)


@router.post(
    "/email/verification",
    status_code=202,
    summary="Ask for a letter that confirms the address",
    responses=answers(Asked, "A letter is on its way", status=202) | problems(429),
)
async def ask_verification(
    request: Request, services: ServicesOf, person: Person, body: LocaleBody
) -> Response:
    """Write to the own address, to prove that it is one's own."""
    _in_person(person)
    if await may_write_to(request, person.account.email):
        await services.self_service.ask_verification(person.account, body.locale)
    return json_answer(Asked(), 202)


@router.get(
    "/sessions", summary="List the own sign-ins", responses=answers(OpenSessions, "Sessions")
)
async def sessions(services: ServicesOf, person: Person) -> Response:
    """Every device that is signed in, the last used first."""
    found = await services.sign_in.listed(UserId(person.account.id))
    present = _session_of(person)
    return json_answer(OpenSessions([_shown(one, present) for one in found]))


@router.delete(
    "/sessions/{session_id}",
    status_code=204,
    summary="Sign a device out",
    responses=no_content("Its next call is refused") | problems(404),
)
async def end_one(services: ServicesOf, person: Person, session_id: RowId) -> Response:
    """End one of the own sessions."""
    _in_person(person)
    await services.sign_in.end(
        person.actor, UserId(person.account.id), SessionId(session_id), "revoked"
    )
    return Response(status_code=204)


@router.post(
    "/sessions/end-others",
    summary="Sign all other devices out",
    responses=answers(EndedSessions, "How many"),
)
async def end_others(services: ServicesOf, person: Person) -> Response:
    """End all of the own sessions but this one."""
    ended = await services.sign_in.end_others(
        person.actor, UserId(person.account.id), _session_of(person), "revoked"
    )
    return json_answer(EndedSessions(ended))


@router.post(
    "/second-factor",
    summary="Begin to set up a second factor",
    responses=answers(SecondFactorProposal, "For the authenticator app") | problems(409, 429),
)
async def propose(
    request: Request, services: ServicesOf, person: Person, body: ProofBody
) -> Response:
    """Needs the present password. Nothing is asked for until a code confirms the secret."""
    await _prove(request, services, person, body.current_password.get_secret_value())
    proposal = await services.second_factors.propose(person.account)
    return json_answer(SecondFactorProposal(proposal.secret, proposal.address))


@router.post(
    "/second-factor/confirm",
    summary="Confirm the second factor",
    responses=answers(RecoveryCodes, "Recovery codes, shown this once") | problems(409, 429),
)
async def confirm(
    request: Request, services: ServicesOf, person: Person, body: CodeBody
) -> Response:
    """From now on signing in asks for a code."""
    _in_person(person)
    await count_proof(request, person.account.id)
    codes = await services.second_factors.confirm(person.actor, person.account, body.code)
    return json_answer(RecoveryCodes(codes))


@router.post(
    "/second-factor/recovery-codes",
    summary="Make fresh recovery codes",
    responses=answers(RecoveryCodes, "Recovery codes, shown this once") | problems(409, 429),
)
async def renew_codes(
    request: Request, services: ServicesOf, person: Person, body: ProofAndCode
) -> Response:
    """All earlier ones end."""
    await _prove(request, services, person, body.current_password.get_secret_value())
    codes = await services.second_factors.renew_codes(person.actor, person.account, body.code)
    return json_answer(RecoveryCodes(codes))


@router.post(
    "/second-factor/switch-off",
    status_code=204,
    summary="Switch the second factor off",
    responses=no_content("Signing in asks for the password only") | problems(409, 429),
)
async def switch_off(
    request: Request, services: ServicesOf, person: Person, body: ProofAndCode
) -> Response:
    """Needs the present password and a code."""
    await _prove(request, services, person, body.current_password.get_secret_value())
    await services.second_factors.switch_off(person.actor, person.account, body.code)
    return Response(status_code=204)


async def _prove(request: Request, services: ServicesOf, person: Principal, password: str) -> None:
    _in_person(person)
    await count_proof(request, person.account.id)
    await services.accounts.prove_oneself(person.account, password)
    await services.rate_limits.forget(f"proof:{person.account.id}")


def _in_person(person: Principal) -> None:
    """Keep keys from what secures the account that they belong to. Raises KeyNotAllowedError."""
    if person.actor.key_limits is not None:
        raise KeyNotAllowedError("how an account is secured is changed in person, not with a key")


def _session_of(person: Principal) -> SessionId:
    _in_person(person)
    return SessionId(int(person.claims.session_id))


def _shown(session: Session, present: SessionId) -> OpenSession:
    return OpenSession(
        id=session.id,
        kind=session.kind,
        device=session.device.user_agent,
        address=session.device.address,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
        is_current=session.id == present,
    )
