"""Writes the manifests of this folder: the default output of common writers, and unusual but valid files.

python -m venv venv && venv/bin/pip install pyarrow==26.0.1 pandas==3.1.1 polars==2.1.0 duckdb==2.0.1
venv/bin/python make_manifests.py
"""
import datetime
import decimal
import os
import uuid

import duckdb
import numpy
import pandas
import polars
import pyarrow
import pyarrow.parquet as parquet

os.chdir(os.path.dirname(os.path.abspath(__file__)))
CONTENT, STYLE = ["a.jpg", "b.jpg"], ["s.jpg", "s.jpg"]
BASE = {"content": CONTENT, "style": STYLE}


def arrow(name, columns, **options):
    folder = os.path.dirname(name)
    if folder:
        os.makedirs(folder, exist_ok=True)
    parquet.write_table(pyarrow.table(columns), name + ".parquet", **options)


# README's example: whole numbers are float64 because of a null, and no row names a preset but one.
pandas.DataFrame(
    {
        "id": ["harbour-1", "harbour-2", "harbour-3"],
        "content": ["a.jpg"] * 3,
        "style": ["s.jpg"] * 3,
        "preset": [None, None, "gatys"],
        "image_size": [None, 512, None],
        "content_weight": [None, 0.5, None],
    }
).to_parquet("pandas_readme.parquet")
pandas.DataFrame({**BASE, "id": [7, None]}).to_parquet("pandas_float_id.parquet")
pandas.DataFrame({**BASE, "image_size": [64.5, None]}).to_parquet("pandas_fraction.parquet")
pandas.DataFrame(
    {
        **BASE,
        "id": [None, None],
        "mask": [None, None],
        "preset": [numpy.nan, numpy.nan],
        "image_size": [None, None],
        "style_layers": [None, None],
        "notes": [None, None],
    }
).to_parquet("pandas_all_null.parquet")
pandas.DataFrame({"content": [], "style": [], "note": []}).to_parquet("pandas_no_rows.parquet")
polars.DataFrame(
    {
        **BASE,
        "id": polars.Series([1219269122455080041, 17976421247625026677], dtype=polars.UInt64),
        "image_size": polars.Series([64, None], dtype=polars.UInt32),
        "seed": polars.Series([3, None], dtype=polars.UInt64),
        "mask": polars.Series([None, None], dtype=polars.Null),
        "album": polars.Series(["x", "y"], dtype=polars.Categorical),
        "at": polars.Series([datetime.time(12, 30, 0, 250000), None], dtype=polars.Time),
        "taken": polars.Series([datetime.datetime(2024, 5, 1, 12), None], dtype=polars.Datetime("ns")),
        "price": polars.Series([decimal.Decimal("9.90"), None], dtype=polars.Decimal(10, 2)),
    }
).write_parquet("polars_types.parquet")
duckdb.sql(
    "COPY (SELECT '792a0e7f-dcf2-4481-85a6-b2f447981273'::UUID AS id, 'a.jpg' AS content, 's.jpg' AS style, NULL AS mask,"
    " TIME '12:30:00' AS at, TIMESTAMP_NS '2024-05-01 12:00:00.123456789' AS taken,"
    " TIMESTAMPTZ '2024-05-01 12:00:00+00' AS seen, 1.5::DECIMAL(5,2) AS content_weight, 64::UBIGINT AS image_size,"
    " [1, 2]::INTEGER[] AS numbers, {'iso': 100, 'lens': '50mm'} AS exif) TO 'duckdb_types.parquet'"
)
arrow(
    "arrow_types",
    {
        "content": pyarrow.array(CONTENT, pyarrow.large_string()),
        "style": pyarrow.array(STYLE).dictionary_encode(),
        "time_ms": pyarrow.array([datetime.time(1, 2, 3), None], pyarrow.time32("ms")),
        "before_1970": pyarrow.array([-1, None], pyarrow.timestamp("ns", "UTC")),
        "digest": pyarrow.array([b"abcd", None], pyarrow.binary(4)),
        "styles": pyarrow.array(
            [None, None],
            pyarrow.list_(pyarrow.struct([("uri", pyarrow.string()), ("weight", pyarrow.int32())])),
        ),
    },
)
arrow(
    "arrow_styles",
    {
        "content": CONTENT,
        "styles": [[{"uri": "s.jpg", "weight": 3, "mask": None}], [{"uri": "t.jpg", "weight": None, "mask": None}]],
        "content_layers": [[], None],
    },
)
weights = [0.1 + i / 100 for i in range(40)]
arrow(
    "byte_stream_split",
    {"content": CONTENT * 20, "style": STYLE * 20, "content_weight": weights},
    use_dictionary=["content", "style"],
    column_encoding={"content_weight": "BYTE_STREAM_SPLIT"},
)
for codec in ("gzip", "zstd", "lz4", "brotli"):
    arrow("codec_" + codec, BASE, compression=codec)

# Names.
arrow(
    "names",
    {
        **BASE,
        "2024": [17, 18],
        "0": ["red", "blue"],
        "exif.iso": [100, 200],
        "exif": [{"iso": 1}, {"iso": 2}],
        "shot date": ["x", "y"],
        "file-size": [1, 2],
        "a;{b}": [1, 2],
        "a`b": [1, 2],
        "größe": [1, 2],
        "said_key": [1, 2],
        "owner_key": [1, 2],
        "file_path": [1, 2],
        "java_method('java.lang.System','getenv','HOME') AS note": ["x", "y"],
        "*": [1, 2],
        "": ["x", "y"],
    },
)
arrow("names_case", {**BASE, "Width": [1, 2], "Status": ["x", "y"], "CONTENT": ["x", "y"]})
arrow("names_twice", {**BASE, "note": [1, 2], "Note": [1, 2]})

# Types that Spark cannot read.
arrow("float16", {**BASE, "half": pyarrow.array(numpy.array([1, 2], dtype=numpy.float16))})
arrow("decimal_long", {**BASE, "big": pyarrow.array([decimal.Decimal(1), None], pyarrow.decimal256(50, 2))})
arrow("times_nested", {**BASE, "times": pyarrow.array([[datetime.time(1)], None], pyarrow.list_(pyarrow.time64("us")))})
duckdb.sql("COPY (SELECT 'a.jpg' AS content, 's.jpg' AS style, INTERVAL 1 DAY AS wait) TO 'interval.parquet'")

# Values at and beyond the limits of Spark's types.
arrow(
    "time_limits",
    {
        "content": ["a.jpg", "b.jpg", "a.jpg"],
        "style": ["s.jpg", "s.jpg", "t.jpg"],
        "micros": pyarrow.array([86_400_000_000, 9_000_000_000_000_000, -1], pyarrow.int64()).view(pyarrow.time64("us")),
        "nanos": pyarrow.array([86_399_999_999_999, 86_400_000_000_000, 86_400_000_000_001], pyarrow.int64()).view(pyarrow.time64("ns")),
        "day": pyarrow.array([datetime.date(1, 1, 1), datetime.date(1500, 3, 1), datetime.date(2024, 5, 1)]),
        "taken": pyarrow.array([datetime.datetime(1, 1, 1), None, None], pyarrow.timestamp("us", tz="UTC")),
    },
)

# Folders of files.
def part(folder, name, content, **columns):
    arrow(f"{folder}/{name}", {"content": [content], "style": ["s.jpg"], **columns})


part("union", "b", "b.jpg", image_size=pyarrow.array([64], pyarrow.int32()), note=["x"], seed=[5])
part("union", "a", "a.jpg", content_weight=[1], id=[7], seed=[None], image_size=[256.0])
part("union", "c", "c.jpg", content_weight=[0.5], id=["seven"], image_size=[128.0], more=[True])
part("conflict", "a", "a.jpg", note=[1])
part("conflict", "b", "b.jpg", note=["x"])
part("rounding", "a", "a.jpg", number=[2**60 + 1])
part("rounding", "b", "b.jpg", number=[0.5])
part("hive/id=007/image_size=64", "part", "a.jpg")
part("hive/id=1%3A2/image_size=128", "part", "b.jpg")
arrow(
    "styles_differ/a",
    {"content": ["a.jpg"], "styles": [[{"uri": "s.jpg"}]], "content_layers": [["relu4_1"]]},
)
arrow(
    "styles_differ/b",
    {"content": ["b.jpg"], "styles": [[{"weight": 2.0, "uri": "s.jpg"}, {"weight": 1.0, "uri": "t.jpg"}]]},
)
