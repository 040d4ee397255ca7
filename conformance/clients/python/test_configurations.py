"""Configurations of buckets with boto3: what was put is read as it was, and what is wrong is refused."""

import datetime

import botocore.exceptions
import pytest

from fault import refused

QUEUE = "arn:aws:sqs:us-east-1:000000000001:queue"


def without_metadata(answer):
    answer.pop("ResponseMetadata")
    return answer


def status(answer):
    return answer["ResponseMetadata"]["HTTPStatusCode"]


def test_settings_of_which_there_is_one(s3, bucket):
    assert without_metadata(s3.get_bucket_accelerate_configuration(Bucket=bucket)) == {}
    s3.put_bucket_accelerate_configuration(
        Bucket=bucket, AccelerateConfiguration={"Status": "Enabled"}
    )
    assert s3.get_bucket_accelerate_configuration(Bucket=bucket)["Status"] == "Enabled"

    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    s3.put_bucket_request_payment(
        Bucket=bucket, RequestPaymentConfiguration={"Payer": "Requester"}
    )
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "Requester"

    assert without_metadata(s3.get_bucket_logging(Bucket=bucket)) == {}
    enabled = {"TargetBucket": bucket, "TargetPrefix": "log/"}
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})
    assert s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"] == enabled
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)


def test_tags_may_count_in_policies(s3, bucket):
    assert s3.get_bucket_abac(Bucket=bucket)["AbacStatus"] == {"Status": "Disabled"}
    s3.put_bucket_abac(Bucket=bucket, AbacStatus={"Status": "Enabled"})
    assert s3.get_bucket_abac(Bucket=bucket)["AbacStatus"] == {"Status": "Enabled"}


def test_logs_need_a_bucket(s3, bucket, new_name):
    enabled = {"TargetBucket": new_name(), "TargetPrefix": ""}
    text = "The target bucket for logging does not exist"
    with refused("InvalidTargetBucketForLogging", 400, text):
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})


def test_replication_needs_versions(s3, bucket):
    text = "The replication configuration was not found"
    with refused("ReplicationConfigurationNotFoundError", 404, text):
        s3.get_bucket_replication(Bucket=bucket)
    rule = {"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": f"arn:aws:s3:::{bucket}"}}
    text = "Versioning must be 'Enabled' on the bucket to apply a replication configuration"
    with refused("InvalidRequest", 400, text):
        s3.put_bucket_replication(
            Bucket=bucket,
            ReplicationConfiguration={"Role": "arn:aws:iam::000000000001:role/r", "Rules": [rule]},
        )


BY_ID = [
    (
        "analytics",
        "AnalyticsConfiguration",
        {
            "Id": "one",
            "Filter": {"And": {"Prefix": "p", "Tags": [{"Key": "k", "Value": "v"}]}},
            "StorageClassAnalysis": {
                "DataExport": {
                    "OutputSchemaVersion": "V_1",
                    "Destination": {
                        "S3BucketDestination": {"Format": "CSV", "Bucket": "arn:aws:s3:::logs"}
                    },
                }
            },
        },
    ),
    (
        "inventory",
        "InventoryConfiguration",
        {
            "Id": "one",
            "IsEnabled": True,
            "Filter": {"Prefix": "p"},
            "Destination": {
                "S3BucketDestination": {
                    "Format": "Parquet",
                    "Bucket": "arn:aws:s3:::logs",
                    "Encryption": {"SSES3": {}},
                }
            },
            "Schedule": {"Frequency": "Weekly"},
            "IncludedObjectVersions": "Current",
            "OptionalFields": ["Size", "ETag"],
        },
    ),
    ("metrics", "MetricsConfiguration", {"Id": "one", "Filter": {"Prefix": "p"}}),
    (
        "intelligent_tiering",
        "IntelligentTieringConfiguration",
        {
            "Id": "one",
            "Status": "Enabled",
            "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}],
        },
    ),
]


@pytest.mark.parametrize(("name", "member", "document"), BY_ID)
def test_settings_that_have_ids(s3, bucket, name, member, document):
    put = getattr(s3, f"put_bucket_{name}_configuration")
    get = getattr(s3, f"get_bucket_{name}_configuration")
    delete = getattr(s3, f"delete_bucket_{name}_configuration")
    list_all = getattr(s3, f"list_bucket_{name}_configurations")
    assert f"{member}List" not in list_all(Bucket=bucket)
    text = "The specified configuration does not exist."
    with refused("NoSuchConfiguration", 404, text):
        get(Bucket=bucket, Id="one")
    assert status(put(Bucket=bucket, Id="one", **{member: document})) == 204
    put(Bucket=bucket, Id="a", **{member: {**document, "Id": "a"}})
    assert get(Bucket=bucket, Id="one")[member] == document
    listed = list_all(Bucket=bucket)
    assert [entry["Id"] for entry in listed[f"{member}List"]] == ["a", "one"]
    assert listed["IsTruncated"] is False
    with refused("IdMismatch", 400):
        put(Bucket=bucket, Id="other", **{member: document})
    assert status(delete(Bucket=bucket, Id="one")) == 204
    with refused("NoSuchConfiguration", 404, text):
        delete(Bucket=bucket, Id="one")


def test_lifecycle_rules(s3, bucket):
    with refused("NoSuchLifecycleConfiguration", 404):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    midnight = datetime.datetime(2040, 1, 1, tzinfo=datetime.timezone.utc)
    rules = [
        {
            "ID": "by tag",
            "Filter": {"And": {"Prefix": "p", "Tags": [{"Key": "k", "Value": "v"}]}},
            "Status": "Enabled",
            "Expiration": {"Days": 60},
            "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
        },
        {
            "ID": "by date",
            "Filter": {"ObjectSizeGreaterThan": 500},
            "Status": "Enabled",
            "Expiration": {"Date": midnight},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 3, "NewerNoncurrentVersions": 2},
        },
        {
            "ID": "uploads",
            "Filter": {"Prefix": ""},
            "Status": "Disabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        },
    ]
    put = s3.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": rules}
    )
    assert put["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules

    written = s3.put_object(Bucket=bucket, Key="large", Body=b"a" * 501)
    expected = 'expiry-date="Sun, 01 Jan 2040 00:00:00 GMT", rule-id="by date"'
    assert written["Expiration"] == expected
    assert s3.head_object(Bucket=bucket, Key="large")["Expiration"] == expected
    assert "Expiration" not in s3.put_object(Bucket=bucket, Key="small", Body=b"a")

    assert status(s3.delete_bucket_lifecycle(Bucket=bucket)) == 204
    assert "Expiration" not in s3.head_object(Bucket=bucket, Key="large")


def test_notifications(s3, bucket):
    assert without_metadata(s3.get_bucket_notification_configuration(Bucket=bucket)) == {}
    rules = [{"Name": "Prefix", "Value": "in/"}, {"Name": "Suffix", "Value": ".jpg"}]
    configuration = {
        "QueueConfigurations": [
            {
                "Id": "images",
                "QueueArn": QUEUE,
                "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"],
                "Filter": {"Key": {"FilterRules": rules}},
            }
        ],
        "EventBridgeConfiguration": {},
    }
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration=configuration
    )
    read = s3.get_bucket_notification_configuration(Bucket=bucket)
    assert without_metadata(read) == configuration
    configuration["QueueConfigurations"][0]["QueueArn"] = "invalid"
    with refused("InvalidArgument", 400, "The ARN could not be parsed"):
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration=configuration
        )


def test_archived_objects_are_restored(s3, bucket):
    s3.put_object(Bucket=bucket, Key="old", Body=b"1", StorageClass="GLACIER")
    with pytest.raises(s3.exceptions.InvalidObjectState) as error:
        s3.get_object(Bucket=bucket, Key="old")
    assert error.value.response["Error"]["StorageClass"] == "GLACIER"
    request = {"Days": 1, "GlacierJobParameters": {"Tier": "Standard"}}
    restored = s3.restore_object(Bucket=bucket, Key="old", RestoreRequest=request)
    assert status(restored) == 202
    assert s3.head_object(Bucket=bucket, Key="old")["Restore"] == 'ongoing-request="true"'
    with pytest.raises(botocore.exceptions.ClientError) as error:
        s3.restore_object(Bucket=bucket, Key="old", RestoreRequest=request)
    assert error.value.response["Error"]["Code"] == "RestoreAlreadyInProgress"


def test_buckets_are_listed_in_pages(s3, bucket):
    pages = s3.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 1})
    names = [entry["Name"] for page in pages for entry in page["Buckets"]]
    assert bucket in names and names == sorted(names)
    with refused("InvalidArgument", 400, "Argument value eu-east-1 is not a valid AWS Region"):
        s3.list_buckets(BucketRegion="eu-east-1")
