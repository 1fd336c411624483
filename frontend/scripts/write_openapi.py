"""Write the OpenAPI document of the API to the file named as the argument."""

import json
import sys
from pathlib import Path
from typing import cast

from csms.api.app import create_app
from csms.api.services import Services
from csms.api.settings import ApiSettings


def main(target: Path) -> None:
    """Build the application without anything behind it: only its description is asked for."""
    app = create_app(cast("Services", None), ApiSettings(csrf_secret=bytes(32)))
    target.write_text(json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
