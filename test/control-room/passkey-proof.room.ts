import type { Browser, CDPSession, Frame, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { approvalChallenge } from '../../src/change/policy/approval.ts'
import type { ApprovalStatement, PasskeySignature } from '../../src/model/approval.ts'
import type { Principal } from '../../src/model/principal.ts'
import { newPasskeyLine } from '../../src/project/approval/challenge.ts'
import { signerOf } from '../../src/project/approval/signer.ts'
import { parsePasskeys, type TrustedPasskey } from '../../src/project/identity/passkey/trusted-passkeys.ts'
import { GIVEN_STATEMENT } from '../change/policy/given-approval.ts'
import { openService, type Service } from '../lab/service.ts'
import { CHROMIUM, startChromium, WITH_PASSKEYS } from './chromium.ts'
import { addAuthenticator } from './office.ts'

const ANN: Principal = { issuer: 'corp', id: '00u1', kind: 'person', auth: 'oidc' }
const STATEMENT: ApprovalStatement = {
  ...GIVEN_STATEMENT,
  approver: { issuer: 'corp', id: '00u1', kind: 'person', auth: 'passkey' },
}
const NOW = Date.parse('2026-01-05T08:30:00Z')

/** A page that does nothing, in which scripts ask for passkeys; `/frame?URL` has another page in it that may do so. */
const pages = () =>
  openService((_request, response, { target }) => {
    const framed = /^\/frame\?(http:\/\/localhost:\d+)$/.exec(target)?.[1]
    const body = framed === undefined ? '' : `<iframe src="${framed}" allow="publickey-credentials-get *"></iframe>`
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>eosflow</title>${body}`)
  })
const originOf = ({ port }: Service) => `http://localhost:${port}`

/** Bytes in base64url, in a page. */
const URL64 = `const url = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')`

/** What a page of eosflow does to make a passkey: the attestation object, in base64url. */
const MAKE = `(async () => {
  ${URL64}
  const made = await navigator.credentials.create({
    publicKey: {
      rp: { id: 'localhost', name: 'eosflow' },
      user: { id: new Uint8Array([1]), name: 'ann', displayName: 'Ann' },
      challenge: new Uint8Array(32),
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
    },
  })
  return url(made.response.attestationObject)
})()`

type Given = Omit<PasskeySignature, 'kind' | 'key'>

/** What a page of eosflow does to have a challenge signed. */
function get(page: Page | Frame, challenge: Buffer, userVerification = 'required'): Promise<Given> {
  return page.evaluate(`(async () => {
    ${URL64}
    const challenge = new Uint8Array(${JSON.stringify([...challenge])})
    const publicKey = { challenge, rpId: 'localhost', userVerification: '${userVerification}' }
    const given = await navigator.credentials.get({ publicKey })
    const { clientDataJSON, authenticatorData, signature } = given.response
    return {
      credential: given.id,
      clientDataJSON: url(clientDataJSON),
      authenticatorData: url(authenticatorData),
      signature: url(signature),
    }
  })()`)
}

describe.skipIf(CHROMIUM === undefined)('passkeys of a real Chromium (Debian: chromium)', WITH_PASSKEYS, () => {
  let browser: Browser
  let page: Page
  let cdp: CDPSession
  let authenticator = ''
  let own: Service
  let other: Service
  let trusted: TrustedPasskey

  beforeAll(async () => {
    ;[own, other] = await Promise.all([pages(), pages()])
  })
  beforeEach(async () => {
    browser = await startChromium()
    page = await browser.newPage()
    ;({ cdp, authenticatorId: authenticator } = await addAuthenticator(page))
    await page.goto(originOf(own))
    const attestationObject = await page.evaluate<string>(MAKE)
    const line = newPasskeyLine({ principal: ANN }, { origin: originOf(own), attestationObject })
    const read = parsePasskeys(line, 'trust/passkeys')
    if (!read.ok || read.value[0] === undefined) throw new Error('the line is not taken')
    trusted = read.value[0]
  })
  afterEach(async () => {
    await browser?.close()
  })
  afterAll(async () => {
    await Promise.all([own.close(), other.close()])
  })

  const judged = (given: Given, statement = STATEMENT): ReturnType<typeof signerOf> => {
    const signature: PasskeySignature = { kind: 'webauthn', ...given, key: trusted.key }
    return signerOf(statement, signature, { signers: [], passkeys: [trusted], programs: { env: {} }, now: NOW })
  }

  test('a genuine one proves its person', async () => {
    const given = await get(page, approvalChallenge(STATEMENT))
    expect(await judged(given)).toMatchObject({ status: 'proved', principal: { id: '00u1', auth: 'passkey' } })
  })

  test('[G16] of another statement it proves nobody', async () => {
    const given = await get(page, approvalChallenge(STATEMENT))
    const reason = expect.stringContaining('it is over something else')
    expect(await judged(given, { ...STATEMENT, plan: 'sha256:bb' })).toEqual({ status: 'forged', reason })
  })

  test('with the bit of user verification or the counter changed it proves nobody', async () => {
    const given = await get(page, approvalChallenge(STATEMENT))
    for (const [byte, bit] of [
      [32, 0x04],
      [36, 0x01],
    ] as const) {
      const data = Buffer.from(given.authenticatorData, 'base64url')
      data[byte] = (data[byte] ?? 0) ^ bit
      const reason = expect.stringContaining('the signature is not one by its key')
      const altered = { ...given, authenticatorData: data.toString('base64url') }
      expect(await judged(altered)).toEqual({ status: 'forged', reason })
    }
  })

  test('[G17] whose authenticator has verified nobody it proves nobody', async () => {
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId: authenticator, isUserVerified: false })
    try {
      await expect(get(page, approvalChallenge(STATEMENT))).rejects.toThrow(/NotAllowedError/)
      const given = await get(page, approvalChallenge(STATEMENT), 'discouraged')
      const reason = expect.stringContaining('the authenticator has not verified who was present')
      expect(await judged(given)).toEqual({ status: 'forged', reason })
    } finally {
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId: authenticator, isUserVerified: true })
    }
  })

  test('[G12] of another port of the same host it proves nobody', async () => {
    await page.goto(originOf(other))
    try {
      const given = await get(page, approvalChallenge(STATEMENT))
      const reason = expect.stringContaining(`it was made at another site than ${originOf(own)}`)
      expect(await judged(given)).toEqual({ status: 'forged', reason })
    } finally {
      await page.goto(originOf(own))
    }
  })

  test('[G13] in a frame of another page it proves nobody', async () => {
    await page.goto(`${originOf(other)}/frame?${originOf(own)}`)
    try {
      const frame = page.frames().find((one) => one.url().startsWith(originOf(own)))
      if (frame === undefined) throw new Error('there is no frame')
      const given = await get(frame, approvalChallenge(STATEMENT))
      const reason = expect.stringContaining('it was made inside a page of another site')
      expect(await judged(given)).toEqual({ status: 'forged', reason })
    } finally {
      await page.goto(originOf(own))
    }
  })
})
