import { createHash, createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PLAN } from '../report/page/material.ts'
import { CHROMIUM, startChromium, WITH_PASSKEYS } from './chromium.ts'
import { type PageServer, servePages } from './page-server.ts'

if (CHROMIUM === undefined) process.stderr.write('NOT LOOKED AT: passkeys, since there is no Chromium here\n')

const DIGEST = encodeURIComponent(PLAN.digest)

describe.skipIf(CHROMIUM === undefined)(
  'the passkey button in a real browser, with a virtual passkey',
  WITH_PASSKEYS,
  () => {
    let browser: Browser
    let server: PageServer

    beforeAll(async () => {
      server = await servePages()
    })
    afterAll(() => server?.close())
    beforeEach(async () => {
      browser = await startChromium()
    })
    afterEach(async () => {
      await browser?.close()
    })

    /** The approval page, where the person of this credential is, who is verified or not. */
    async function approval(isUserVerified: boolean) {
      // A second try of the same test begins anew.
      server.posted.length = 0
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const id = randomBytes(16)
      const tab = await (await browser.newContext()).newPage()
      const cdp = await tab.context().newCDPSession(tab)
      await cdp.send('WebAuthn.enable')
      const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
        options: { protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified },
      })
      await cdp.send('WebAuthn.addCredential', {
        authenticatorId,
        credential: {
          credentialId: id.toString('base64'),
          isResidentCredential: false,
          rpId: 'localhost',
          privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
          signCount: 1,
        },
      })
      await tab.goto(`${server.origin.replace('127.0.0.1', 'localhost')}/approval`)
      return {
        tab,
        publicKey: createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
        id: id.toString('base64url'),
      }
    }

    test('asks for a challenge with the comment, and posts a signature of exactly that challenge by a verified person', async () => {
      const { tab, publicKey, id } = await approval(true)
      const challenge = randomBytes(32).toString('base64url')
      server.answers.set(`/api/v1/plans/${DIGEST}/challenges`, [
        200,
        { id: 'n0nce', passkey: { challenge, rpId: 'localhost', credentials: [id] } },
      ])
      server.answers.set(`/api/v1/plans/${DIGEST}/decisions`, [200, {}])
      await tab.getByLabel('Your comment').fill('CHG-1234 "ok"')
      await tab.getByRole('button', { name: 'Approve 772c29ef with passkey' }).click()
      await expect.poll(() => server.posted.length).toBe(2)
      const [asked, proved] = server.posted
      expect(asked).toMatchObject({
        token: 'c5f0c5f0c5f0',
        body: { decision: 'approve', comment: 'CHG-1234 "ok"', proof: 'passkey' },
      })
      const {
        challenge: named,
        plan,
        proof,
      } = (proved ?? { body: {} }).body as {
        challenge: string
        plan: string
        proof: Readonly<Record<'kind' | 'credential' | 'clientDataJSON' | 'authenticatorData' | 'signature', string>>
      }
      expect({ named, plan, kind: proof.kind, credential: proof.credential }).toEqual({
        named: 'n0nce',
        plan: PLAN.digest,
        kind: 'passkey',
        credential: id,
      })
      const client = Buffer.from(proof.clientDataJSON, 'base64url')
      expect(JSON.parse(client.toString())).toMatchObject({ type: 'webauthn.get', challenge, crossOrigin: false })
      const authenticator = Buffer.from(proof.authenticatorData, 'base64url')
      expect(authenticator.subarray(0, 32)).toEqual(createHash('sha256').update('localhost').digest())
      // User present and user verified (Web Authentication Level 3, section 6.1).
      expect((authenticator[32] ?? 0) & 0x05).toBe(0x05)
      const signed = Buffer.concat([authenticator, createHash('sha256').update(client).digest()])
      expect(verify('sha256', signed, publicKey, Buffer.from(proof.signature, 'base64url'))).toBe(true)
    })

    test('says what the server says against it, and lets the person press again', async () => {
      const { tab } = await approval(true)
      server.answers.set(`/api/v1/plans/${DIGEST}/challenges`, [
        409,
        { title: 'Stale', detail: 'the plan has changed <b>', hint: 'Plan again.' },
      ])
      const button = tab.getByRole('button', { name: 'Approve 772c29ef with passkey' })
      await button.click()
      await expect.poll(() => tab.getByRole('alert').innerText()).toBe('the plan has changed <b> Plan again.')
      expect(await button.isEnabled()).toBe(true)
    })

    test('a person who is not verified decides nothing', async () => {
      const { tab, id } = await approval(false)
      server.answers.set(`/api/v1/plans/${DIGEST}/challenges`, [
        200,
        { id: 'n0nce', passkey: { challenge: 'AAAA', rpId: 'localhost', credentials: [id] } },
      ])
      server.posted.length = 0
      await tab.getByRole('button', { name: 'Approve 772c29ef with passkey' }).click()
      await expect.poll(() => tab.getByRole('alert').innerText()).toContain('Nothing was decided')
      expect(server.posted).toHaveLength(1)
    })
  },
)
