"""How tests run a command of the command line."""

from ntmlab.cli import main


def run(capsys, *arguments):
    """Exit status, standard output and standard error of a command."""
    try:
        status = main([str(a) for a in arguments])
    except SystemExit as stop:
        status = stop.code
    out, err = capsys.readouterr()
    return status, out, err
