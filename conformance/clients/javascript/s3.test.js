// AWS's SDK for JavaScript: its client, links, forms and uploads in parts.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Readable } from "node:stream";

import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

import { codeOf, overHttp, overHttps, refused } from "./s3.js";

const KEYS = ["a", "dir/a b+c/é'(1)!*~&=;,:@$#?%25[x]//y.txt"];
const AN_HOUR = 3_600_000;

for (const [scheme, start] of [["http", overHttp], ["https", overHttps]]) {
  describe(scheme, () => {
    let emulator, s3, Bucket;

    before(async () => {
      emulator = await start();
      s3 = emulator.client();
      Bucket = await emulator.newBucket();
    });
    after(() => emulator.stop());

    const textOf = async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return Body.transformToString();
    };

    for (const Key of KEYS) {
      test(`objects come and go: ${Key}`, async () => {
        const Metadata = { color: "blue" };
        const put = { Bucket, Key, Body: "content", ContentType: "text/plain", Metadata };
        const { ETag, ChecksumCRC32 } = await s3.send(new PutObjectCommand(put));
        assert.ok(ChecksumCRC32);
        const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
        assert.deepEqual(
          [head.ETag, head.ContentLength, head.ContentType, head.Metadata],
          [ETag, 7, "text/plain", Metadata],
        );
        assert.equal(await textOf(Key), "content");
        await s3.send(new DeleteObjectCommand({ Bucket, Key }));
        await assert.rejects(textOf(Key), refused(404, "NoSuchKey"));
        await assert.rejects(
          s3.send(new HeadObjectCommand({ Bucket, Key })),
          refused(404, "NotFound"),
        );
      });

      test(`a link writes and a link reads: ${Key}`, async () => {
        const Metadata = { color: "blue" };
        const put = new PutObjectCommand({ Bucket, Key, Metadata, ContentType: "text/x" });
        // The metadata goes into the query, and so does the checksum of nothing, which does not count.
        const url = await getSignedUrl(s3, put);
        assert.match(url, /x-amz-meta-color=blue/);
        assert.match(url, /x-amz-checksum-crc32=AAAAAA/);
        const sent = await emulator.fetch(url, { method: "PUT", body: "sent" });
        assert.equal(sent.status, 200, sent.text);
        const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
        assert.deepEqual(head.Metadata, Metadata);
        const get = { Bucket, Key, ResponseContentDisposition: 'attachment; filename="a b"' };
        const read = await emulator.fetch(await getSignedUrl(s3, new GetObjectCommand(get)));
        assert.deepEqual([read.status, read.text], [200, "sent"]);
        assert.equal(read.headers.get("content-disposition"), get.ResponseContentDisposition);
        const remove = await getSignedUrl(s3, new DeleteObjectCommand({ Bucket, Key }));
        assert.equal((await emulator.fetch(remove, { method: "DELETE" })).status, 204);
      });
    }

    test("streams go as chunks with a trailer", async () => {
      const content = "0123456789abcdef".repeat(20_000);
      const put = { Bucket, Key: "stream", Body: Readable.from([content]), ContentLength: content.length };
      await s3.send(new PutObjectCommand(put));
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "stream" }));
      assert.equal(head.ContentEncoding, undefined);
      assert.equal(await textOf("stream"), content);
    });

    test("an upload in parts", async () => {
      const parts = Array.from({ length: 11 }, (_, n) => Buffer.alloc(1024 * 1024, n));
      const params = { Bucket, Key: "large", Body: Readable.from(parts) };
      const done = await new Upload({ client: s3, params }).done();
      assert.match(done.ETag, /-3"$/);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: "large" }));
      assert.ok(Buffer.concat(parts).equals(Buffer.from(await Body.transformToByteArray())));
    });

    test("keys are listed in pages and deleted at once", async () => {
      const Bucket = await emulator.newBucket();
      const keys = ["a b", "c+d", "e&f", "é"];
      await Promise.all(keys.map((Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "" }))));
      const listed = [];
      for await (const page of paginateListObjectsV2({ client: s3, pageSize: 3 }, { Bucket })) {
        listed.push(...(page.Contents ?? []).map(({ Key }) => Key));
      }
      assert.deepEqual(listed, keys);
      const Objects = keys.map((Key) => ({ Key }));
      const deleted = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      assert.equal(deleted.Deleted.length, 4);
      const { Buckets } = await s3.send(new ListBucketsCommand({}));
      assert.ok(Buckets.some(({ Name }) => Name === Bucket));
    });

    test("a content type that was signed must come", async () => {
      const put = new PutObjectCommand({ Bucket, Key: "typed", ContentType: "image/png" });
      const url = await getSignedUrl(s3, put, { signableHeaders: new Set(["content-type"]) });
      const sent = (type) =>
        emulator.fetch(url, { method: "PUT", body: "1", headers: { "content-type": type } });
      assert.equal((await sent("image/png")).status, 200);
      assert.deepEqual(codeOf(await sent("text/html")), [403, "SignatureDoesNotMatch"]);
    });

    test("a header that was not signed is refused", async () => {
      const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: "a" }));
      const headers = { "x-amz-meta-color": "blue" };
      const sent = await emulator.fetch(url, { method: "PUT", body: "1", headers });
      assert.deepEqual(codeOf(sent), [403, "AccessDenied"]);
      assert.match(sent.text, /<HeadersNotSigned>x-amz-meta-color</);
    });

    test("an expired and a changed link are refused", async () => {
      const get = new GetObjectCommand({ Bucket, Key: "a" });
      const signingDate = new Date(Date.now() - AN_HOUR);
      const late = await emulator.fetch(await getSignedUrl(s3, get, { signingDate, expiresIn: 600 }));
      assert.deepEqual(codeOf(late), [403, "AccessDenied"]);
      assert.match(late.text, /Request has expired/);
      const url = await getSignedUrl(s3, get);
      const changed = await emulator.fetch(url.replace("/a?", "/b?"));
      assert.deepEqual(codeOf(changed), [403, "SignatureDoesNotMatch"]);
    });

    const send = ({ url, fields }, content) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      body.append("file", new Blob([content]), "cat.jpg");
      return emulator.fetch(url, { method: "POST", body });
    };

    test("forms", async () => {
      const form = await createPresignedPost(s3, {
        Bucket,
        Key: "up/${filename}",
        Fields: { "Content-Type": "image/jpeg", success_action_status: "201" },
        Conditions: [["content-length-range", 1, 10]],
        Expires: 600,
      });
      const sent = await send(form, "1234567890");
      assert.equal(sent.status, 201, sent.text);
      assert.match(sent.text, /<Key>up\/cat.jpg<\/Key>/);
      assert.equal(await textOf("up/cat.jpg"), "1234567890");

      assert.deepEqual(codeOf(await send(form, "12345678901")), [400, "EntityTooLarge"]);
      const elsewhere = { ...form, fields: { ...form.fields, key: "elsewhere" } };
      assert.deepEqual(codeOf(await send(elsewhere, "1")), [403, "AccessDenied"]);
      const changed = { ...form, fields: { ...form.fields, "X-Amz-Signature": "0".repeat(64) } };
      assert.deepEqual(codeOf(await send(changed, "1")), [403, "SignatureDoesNotMatch"]);
      const late = await createPresignedPost(s3, { Bucket, Key: "a", Expires: -60 });
      const refusal = await send(late, "1");
      assert.deepEqual(codeOf(refusal), [403, "AccessDenied"]);
      assert.match(refusal.text, /Policy expired/);
    });

    test("a wrong secret is told", async () => {
      const liar = emulator.client({ secret: "another/secret" });
      const put = new PutObjectCommand({ Bucket, Key: "a", Body: "1" });
      await assert.rejects(liar.send(put), refused(403, "SignatureDoesNotMatch"));
      const url = await getSignedUrl(liar, new GetObjectCommand({ Bucket, Key: "a" }));
      assert.deepEqual(codeOf(await emulator.fetch(url)), [403, "SignatureDoesNotMatch"]);
    });
  });
}
