"""Wire types of the Local Auth List Management profile (OCPP 1.6 §6)."""

from typing import Literal

from msgspec import UNSET, UnsetType

from csms.ocpp.v16.types import IdTagInfo, IdToken, Integer, WireType

UpdateStatus = Literal["Accepted", "Failed", "NotSupported", "VersionMismatch"]
UpdateType = Literal["Differential", "Full"]


class GetLocalListVersionRequest(WireType, frozen=True, kw_only=True):
    """Which version of the list do you hold? (§6.27)"""


class GetLocalListVersionResponse(WireType, frozen=True, kw_only=True):
    """The version; -1 not supported, 0 empty (§6.28)."""

    list_version: Integer


class AuthorizationData(WireType, frozen=True, kw_only=True):
    """An entry of the list; without `id_tag_info` it is removed (§7.1)."""

    id_tag: IdToken
    id_tag_info: IdTagInfo | UnsetType = UNSET


class SendLocalListRequest(WireType, frozen=True, kw_only=True):
    """Replace the list or change parts of it (§6.41)."""

    list_version: Integer
    local_authorization_list: list[AuthorizationData] | UnsetType = UNSET
    update_type: UpdateType


class SendLocalListResponse(WireType, frozen=True, kw_only=True):
    """Whether the list was taken over (§6.42)."""

    status: UpdateStatus
