"""Start the product: `python main.py` is `csms serve` with settings from the environment."""

from csms.cli.main import app

if __name__ == "__main__":
    app(["serve"])
