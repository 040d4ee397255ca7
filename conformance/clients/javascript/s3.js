// The emulators under test, who may sign, and a bucket of its own for each test.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";

import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";

const config = new URL("../emulator.toml", import.meta.url).pathname;

export async function overHttp() {
  const { STUNTBUCKET_READY_FILE: file } = process.env;
  return new Emulator(JSON.parse(await readFile(file, "utf8")), async () => {});
}

/** Starts an emulator that speaks HTTPS. */
export async function overHttps() {
  const folder = await mkdtemp(join(tmpdir(), "stuntbucket-"));
  const ready = join(folder, "ready.json");
  const flags = ["--listen", "127.0.0.1:0", "--inspect", "off", "--tls"];
  const program = spawn(
    process.env.STUNTBUCKET_PROGRAM,
    ["serve", ...flags, "--config", config, "--ready-file", ready],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  // Printed when requests are answered, and after the file is written.
  await once(program.stdout, "data");
  const said = JSON.parse(await readFile(ready, "utf8"));
  const ca = await readFile(said.ca, "utf8");
  return new Emulator({ ...said, ca }, async () => {
    program.kill();
    await once(program, "exit");
    await rm(folder, { recursive: true });
  });
}

class Emulator {
  constructor({ endpoint, region, users, ca }, stop) {
    Object.assign(this, { endpoint, region, ca, stop });
    this.owner = users.find((user) => user.name === "owner");
  }

  /** A client that shows the first answer. */
  client({ secret = this.owner.secret_key, ...rest } = {}) {
    return new S3Client({
      endpoint: this.endpoint,
      region: this.region,
      credentials: { accessKeyId: this.owner.access_key, secretAccessKey: secret },
      forcePathStyle: true,
      maxAttempts: 1,
      requestHandler: this.ca ? { httpsAgent: new Agent({ ca: this.ca }) } : undefined,
      ...rest,
    });
  }

  async newBucket() {
    const Bucket = `clients-js-${randomUUID().slice(0, 12)}`;
    await this.client().send(new CreateBucketCommand({ Bucket }));
    return Bucket;
  }

  /** What anybody does with a link or a form: `fetch`, which cannot be told a certificate. */
  async fetch(url, { method = "GET", headers = {}, body } = {}) {
    if (!this.ca) {
      const answer = await fetch(url, { method, headers, body });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    }
    // `Response` writes the boundary and the body of a form.
    const given = body === undefined ? new Response() : new Response(body);
    const type = body instanceof FormData ? { "content-type": given.headers.get("content-type") } : {};
    const bytes = Buffer.from(await given.arrayBuffer());
    const length = body === undefined ? {} : { "content-length": bytes.length };
    const sent = request(url, { method, headers: { ...type, ...length, ...headers }, ca: this.ca });
    sent.end(bytes);
    const [answer] = await once(sent, "response");
    const text = Buffer.concat(await answer.toArray()).toString();
    return { status: answer.statusCode, headers: new Headers(answer.headers), text };
  }
}

/** The code of a refusal as S3 writes it. */
export function codeOf({ status, text }) {
  return [status, /<Code>(\w+)<\/Code>/.exec(text)?.[1]];
}

/** Expects that the SDK reports this refusal. */
export function refused(status, code) {
  return (error) => {
    const found = [error.$metadata?.httpStatusCode, error.name];
    if (found[0] === status && found[1] === code) return true;
    throw new Error(`${found}, and not ${status},${code}`, { cause: error });
  };
}
