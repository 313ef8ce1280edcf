"""Runs `blocklint check` on pinned releases of real projects and compares with what is stored.

    python -m tests.ecosystem                     all projects
    python -m tests.ecosystem open-webui          one of them
    python -m tests.ecosystem --update            store what is found now
    python -m tests.ecosystem --source FOLDER open-webui   a folder in place of the download

`expected/` holds the findings of every project, `truth/` labels that people made.
"""
