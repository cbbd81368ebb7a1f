"""The sentence about NTMs and LSTMs counts what it is given."""

from tools.docs.ahead import sentence


def test_ntms_ahead_of_all_lstms_and_behind_them_are_counted():
    assert sentence([0.01, 0.02, 0.05, 0.3], [0.1, 0.04]) == (
        "2 of 4 NTMs come closer to the optimum than each of 2 LSTMs, by up to 0.03 bits; "
        "1 lies among them; 1 stays further off than each, by up to 0.20."
    )
    assert sentence([0.1, 0.2, 0.3], [0.2, 0.1]) == (
        "0 of 3 NTMs come closer to the optimum than each of 2 LSTMs; 2 lie among them; "
        "1 stays further off than each, by up to 0.10."
    )
