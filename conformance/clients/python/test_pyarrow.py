"""pyarrow, which stands on AWS's SDK for C++: chunks with a CRC64NVME trailer, also over HTTP."""

import pyarrow
import pytest
from pyarrow import fs
from pyarrow import parquet


@pytest.fixture
def files(place):
    """Makes file systems of pyarrow that show the first answer."""

    def make(user=None):
        user = user or place.owner
        return fs.S3FileSystem(
            access_key=user.access_key,
            secret_key=user.secret_key,
            region=place.server.region,
            scheme="https" if place.server.ca else "http",
            endpoint_override=place.server.host,
            tls_ca_file_path=place.server.ca,
            allow_bucket_creation=True,
            allow_bucket_deletion=True,
            retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=1),
        )

    return make


@pytest.mark.parametrize("size", [0, 7, 300_000, 12 * 1024 * 1024])
def test_streams_go_there_and_back(files, place, size):
    files, path = files(), f"{place.bucket}/dir/a b+é'(1)"
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    with files.open_output_stream(path, metadata={"Content-Type": "text/x"}) as stream:
        stream.write(content)
    with files.open_input_stream(path) as stream:
        assert stream.read() == content
    with files.open_input_file(path) as file:
        assert file.size() == size
        file.seek(size // 2)
        assert file.read(100) == content[size // 2 : size // 2 + 100]
    assert place.s3.head_object(Bucket=place.bucket, Key="dir/a b+é'(1)")["ContentType"] == "text/x"


def test_folders_are_listed_copied_and_deleted(files, place, new_name):
    files, bucket = files(), new_name()
    files.create_dir(f"{bucket}/empty")
    for name in ("a/1", "a/b/2", "c"):
        with files.open_output_stream(f"{bucket}/{name}") as stream:
            stream.write(name.encode())
    files.copy_file(f"{bucket}/c", f"{bucket}/d e")
    files.move(f"{bucket}/a/1", f"{bucket}/f")
    found = files.get_file_info(fs.FileSelector(bucket, recursive=True))
    kinds = {info.path.removeprefix(f"{bucket}/"): info.type for info in found}
    assert kinds == {
        "a": fs.FileType.Directory,
        "a/b": fs.FileType.Directory,
        "a/b/2": fs.FileType.File,
        "c": fs.FileType.File,
        "d e": fs.FileType.File,
        "empty": fs.FileType.Directory,
        "f": fs.FileType.File,
    }
    files.delete_dir_contents(bucket)
    assert files.get_file_info(fs.FileSelector(bucket, recursive=True)) == []
    files.delete_dir(bucket)
    assert files.get_file_info(bucket).type == fs.FileType.NotFound


def test_a_table_is_read_by_columns(files, place):
    files = files()
    table = pyarrow.table({"n": list(range(1000)), "s": [str(n) for n in range(1000)]})
    parquet.write_table(table, f"{place.bucket}/table.parquet", filesystem=files)
    read = parquet.read_table(f"{place.bucket}/table.parquet", columns=["s"], filesystem=files)
    assert read == table.select(["s"])


def test_a_wrong_secret_is_told(files, place):
    files = files(place.owner_with_wrong_secret)
    with pytest.raises(OSError, match="AWS Error SIGNATURE_DOES_NOT_MATCH during ListObjectsV2"):
        files.get_file_info(fs.FileSelector(place.bucket))
