"""The body of a meter's public key."""

from typing import Annotated

from pydantic import Field

from csms.api.schemas.body import Body


class MeterKeyBody(Body):
    """A public key: PEM, or DER or a bare point in hex or base64."""

    public_key: Annotated[
        str,
        Field(
            min_length=40,
            max_length=4000,
            examples=["3059301306072A8648CE3D020106082A8648CE3D03010703420004..."],
        ),
    ]
