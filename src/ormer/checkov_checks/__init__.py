"""Ormer's checks for checkov: ``checkov --external-checks-dir`` takes this folder.

    python -c "import ormer.checkov_checks as checks; print(*checks.__path__)"

checkov runs every file of the folder, so there is one, and it holds no decision of its own.
"""
