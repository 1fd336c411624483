"""Who may do what: the caller's own permissions, the table of roles, and granting them."""

from fastapi import Response

from csms.api.access import operator_router, person_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import RowId
from csms.api.schemas.access import (
    GrantsBody,
    HeldPermission,
    HeldPermissions,
    RoleDescription,
    RoleTable,
)
from csms.domain.identity.permissions import (
    ALL_PERMISSIONS,
    GRANTABLE_TO_KEYS,
    OPERATOR_ROLES,
    PER_STATION,
    ROLES_WITH,
)
from csms.kernel.ids import UserId
from csms.reads.users import UserView, get_user

own_router = person_router("/auth", "access")
router = operator_router("/api/admin/roles", "access")
of_user = operator_router("/users", "access")


@own_router.get(
    "/permissions",
    summary="Show what I may do",
    responses=answers(HeldPermissions, "The permissions held now"),
)
async def held(person: Person) -> Response:
    """The caller's permissions, and at which stations each of them holds."""
    found = []
    for permission in ALL_PERMISSIONS:
        reach = person.actor.reach_of(permission)
        if reach is not None:
            stations = None if reach.stations is None else [int(s) for s in sorted(reach.stations)]
            found.append(HeldPermission(permission, stations))
    return json_answer(HeldPermissions(found))


@router.get("", summary="Show the roles", responses=answers(RoleTable, "Roles and permissions"))
async def table() -> Response:
    """What each operator role gives; it is the same in every organization."""
    described = []
    for role in OPERATOR_ROLES:
        given = [p for p in ALL_PERMISSIONS if role in ROLES_WITH[p]]
        described.append(RoleDescription(role, list(given), [p for p in given if p in PER_STATION]))
    return json_answer(RoleTable(described, [p for p in ALL_PERMISSIONS if p in GRANTABLE_TO_KEYS]))


@of_user.put(
    "/{user_id}/roles",
    summary="Grant operator roles",
    responses=answers(UserView, "The person with the roles") | problems(404, 409),
)
async def grant(services: ServicesOf, person: Person, user_id: RowId, body: GrantsBody) -> Response:
    """Give a person exactly these roles; they count from the next call on. Audited."""
    await services.operator_roles.set(person.actor, UserId(user_id), body.granted())
    found = await get_user(services.database, person.actor.organization_id, UserId(user_id))
    return json_answer(found)
