"""What a virtual charger does when the server asks: one file per block of the specification.

Each function takes the charger and the request's payload, and gives the Answer.
"""
