"""What travels with the page of these records (core/data/pack_web.py)."""


def adult_columns(content):
    """The values of a column one after the other: a quarter smaller once compressed. The columns that midlab does not read
    (fnlwgt, education, relationship) are emptied. core/mid/data/source/adult.cpp turns it back."""
    lines = content("adult.data.gz").decode("ascii").splitlines()
    rows = [[value.strip() for value in line.split(",")] for line in lines if line.strip()]
    for row in rows:
        row[2] = row[3] = row[7] = "-"
    return "".join(",".join(column) + "\n" for column in zip(*rows, strict=True)).encode("ascii")


def packed(content):
    return {"adult-columns.csv": adult_columns(content)}
