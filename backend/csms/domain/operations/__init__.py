"""Operations: what a person asks of a charger, recorded before it is sent, with its honest outcome."""
