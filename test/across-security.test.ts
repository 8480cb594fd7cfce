// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { randomUUID } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { brief, giveOn, setOn } from "./across.ts";
import { startNodes } from "./two-nodes.ts";

/** SIP messages to node a, from the address of node b and from elsewhere. */
const started = startNodes();
const addressOfB = "127.0.0.3";
const elsewhere = "127.0.0.1";

async function live() {
  const nodes = await (await started).begin();
  const [a, b] = [nodes.node("a"), nodes.node("b")];
  await setOn([a, b], brief);
  return { nodes, a, b };
}

interface Invite {
  readonly dialled: string;
  /** The address that the packet comes from. */
  readonly from: string;
  /** The user that it says to be. */
  readonly user: string;
}

/** The responses to an INVITE, up to the final one. */
async function invite({ pbx }: { pbx: { host: string; port: number } }, { dialled, from, user }: Invite) {
  const socket = createSocket("udp4");
  try {
    await once(socket.bind(0, from), "listening");
    const own = `${from}:${socket.address().port}`;
    const uri = `sip:${dialled}@${pbx.host}:${pbx.port}`;
    const [branch, tag, id] = [`z9hG4bK${randomUUID()}`, randomUUID(), randomUUID()];
    const sdp = `v=0\r\no=- 1 1 IN IP4 ${from}\r\ns=-\r\nc=IN IP4 ${from}\r\nt=0 0\r\nm=audio 9000 RTP/AVP 0\r\n`;
    const text = (method: string, to: string, body: string) =>
      [
        `${method} ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP ${own};branch=${branch}`,
        "Max-Forwards: 70",
        `From: <sip:${user}@${addressOfB}>;tag=${tag}`,
        `To: ${to}`,
        `Call-ID: ${id}`,
        `CSeq: 1 ${method}`,
        `Contact: <sip:${user}@${own}>`,
        `P-Asserted-Identity: <sip:${user}@${addressOfB}>`,
        ...(body === "" ? [] : ["Content-Type: application/sdp"]),
        `Content-Length: ${body.length}`,
        "",
        body,
      ].join("\r\n");
    socket.send(text("INVITE", `<${uri}>`, sdp), pbx.port, pbx.host);
    const seen: string[] = [];
    while (!/^[2-6]/.test(seen.at(-1) ?? "")) {
      const [message] = await once(socket, "message", { signal: AbortSignal.timeout(5000) });
      const response = String(message);
      seen.push(/^SIP\/2\.0 (\d+)/.exec(response)?.[1] ?? "");
      const to = /^To: (.*)$/im.exec(response)?.[1] ?? "";
      if (/^[2-6]/.test(seen.at(-1) ?? "")) socket.send(text("ACK", to, ""), pbx.port, pbx.host);
    }
    return seen;
  } finally {
    socket.close();
  }
}

test("a packet that only says that it comes from the peer is nobody's", async () => {
  const { nodes, a } = await live();
  for (const user of ["smart-transfer-b", "201", "101"])
    for (const dialled of ["102", "ask-102", "line-102-0", "910"])
      assert.equal(await invite(a, { dialled, from: elsewhere, user }), ["401"], `${user} ${dialled}`);
  assert.not.match(await a.log(), /smart-transfer-peer/);
  await nodes.clean();
});

test("a peer is told of the extensions at home here, and of nobody else", async () => {
  const { nodes, a, b } = await live();
  await setOn([a, b], {
    mobile_dial: "PJSIP/${NUMBER}",
    pass_through: "6XX@internal",
    fallback: "910@internal",
    forward_context: "internal",
  });
  await giveOn([a, b], "103", "receive = no");
  await nodes.phone("102").unregister();
  await giveOn([a, b], "102", "mobile = 910");
  const from = addressOfB;
  for (const dialled of [
    ..."910 900 201 ask-201 line-201-0 301 103 ask-103 line-103-0 601 s 1 +12025550102 *97 internal".split(" "),
    ..."line- line-101-x xx-101 hello 101;x 101%40internal 101%26PJSIP/910 Local/910".split(" "),
  ]) {
    const seen = await invite(a, { dialled, from, user: "201" });
    // 484 says that it is incomplete, as the beginning of what a node may dial is.
    assert.match(seen.filter((one) => one !== "100").join(" "), /^4[08]4$/, dialled);
  }
  for (const dialled of ["102", "ask-102"]) {
    const seen = await invite(a, { dialled, from, user: "201" });
    assert.is(seen.at(-1), "502", `${dialled}: offline, and no mobile`);
  }
  assert.is((await invite(a, { dialled: "ask-101", from, user: "201" })).at(-1), "410", "free");
  assert.not.match(await a.log(), /Executing \[[^\]]*\] (?:Dial|Queue|Answer|Playback|VoiceMail)\(/);
  const went = [...(await a.log()).matchAll(/Executing \[\S+@smart-transfer-peer:\d+\] Goto\("[^"]*", "([^,"]*)/g)];
  assert.equal([...new Set(went.map(([, context]) => context))], ["smart-transfer-at-home"]);
  assert.is(nodes.phone("910").calls.filter((call) => call.dialled === "910" && !call.hasEnded).length, 0);
  await nodes.phone("102").register();
  await nodes.clean();
});

test("nothing is left running", async () => {
  await (await started).stop();
});

test.run();
