import { createHash } from 'node:crypto'
import { z } from 'zod'
import { memberName } from '../../../change/policy/policy.ts'
import { scopes } from '../../../model/principal.ts'
import { isAllowed, requireAllowed } from '../../../project/access/policy/authority.ts'
import { explainPolicy, policyNotes } from '../../../project/access/policy/explain-policy.ts'
import { newPasskeyLine } from '../../../project/approval/challenge.ts'
import { PASSKEY_FILE } from '../../../project/files/loaded-policy.ts'
import { shortCredential } from '../../../project/identity/passkey/trusted-passkeys.ts'
import { passkeysOf } from '../../../project/identity/signers/common-server-key.ts'
import { sourceOf } from '../../../project/record/audit/records.ts'
import { systemRandom } from '../../../project/system/machine/system-clock.ts'
import { type MeData, mePage, type PasskeyRequest } from '../../../report/page/me.ts'
import { type PolicyData, policyPage } from '../../../report/page/policy.ts'
import { recordItem, recordPage, recordsAsked } from '../../../report/page/record.ts'
import { personName } from '../../../report/phrases/person-name.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import { definePage, defineRoute, type FrontContext, pageAnswer, type Route, tokenOf } from '../context/route.ts'
import { namesFor } from '../request/readable.ts'
import { page } from '../routes/execution-routes.ts'
import { newestRecords, policyQuestion } from '../routes/record-routes.ts'
import { filesFor } from './execution-pages.ts'

// So long the page of the record waits for its verification, in milliseconds: a small record is read by then.
const PATIENCE = 700
const RECORDS = 30

const text = z.string().max(200).optional()
const day = z.union([z.literal(''), z.iso.date()]).optional()

export const recordPages: readonly Route[] = [
  definePage('/record', 'audit.read', 'Record', {
    input: z.strictObject({
      ...page,
      limit: page.limit.default(RECORDS),
      execution: text,
      switch: text,
      actor: text,
      code: text,
      since: day,
      until: day,
      kind: z.enum(['all', '']).optional(),
    }),
    show: async ({ app, verification }, { caller, input }) => {
      await requireAllowed(app, caller, 'audit.read')
      const { limit, after, ...asked } = input
      const filter = Object.fromEntries(
        Object.entries(asked).filter(([, value]) => value !== undefined && value !== ''),
      )
      const { records, next, searchedTo } = await newestRecords(app, recordsAsked(filter), limit, after)
      const source = sourceOf(app)
      return recordPage({
        now: app.clock.now(),
        origin: source.origin,
        filter,
        items: records.map((record) => recordItem(record, source)),
        next,
        searchedTo,
        verification: await verification.within(PATIENCE),
      })
    },
  }),
  definePage('/policy', 'own', 'What the policy says', {
    input: z.strictObject({ action: z.enum(scopes).default('execution.start'), switch: text, workflow: text }),
    show: (front, { caller, input }) => {
      const { app } = front
      const { action } = input
      const [target, workflow] = [input.switch || undefined, input.workflow || undefined]
      const request = policyQuestion(app, caller, { action, targets: target, workflow })
      const loaded = app.project.policy()
      return policyPage({
        now: app.clock.now(),
        who: personName(caller.principal),
        policy: loaded === undefined ? undefined : { file: app.project.settings.policy, digest: loaded.digest },
        question: { action, switch: target, workflow },
        may: mayDo(app, caller),
        whom: isAllowed(app, caller, 'audit.read') ? whomFor(app, action) : undefined,
        explained: explainPolicy(app.project, request, { perSwitch: target !== undefined }),
        notes: policyNotes(app.project, request),
        switches: namesFor(app, caller),
        workflows: filesFor(front, caller),
      })
    },
  }),
  definePage('/me', 'own', 'Who you are', {
    show: (front, { caller }) => mePage(meData(front, caller)),
  }),
  defineRoute(
    'POST /me/passkeys',
    'own',
    'The line of a new passkey: nothing is stored, and it approves nothing before a reviewed commit',
    {
      input: z.strictObject({ credential: z.string().min(1).max(2_000), key: z.string().min(1).max(20_000) }),
      answer: (front, { caller, input }) => {
        const text = newPasskeyLine(caller, { ...input, origin: front.address.origin })
        return pageAnswer(front, mePage({ ...meData(front, caller), line: { file: PASSKEY_FILE, text } }), caller)
      },
    },
  ),
]

function whomFor({ project }: FrontContext['app'], action: (typeof scopes)[number]): PolicyData['whom'] {
  const policy = project.policy()?.policy
  return policy?.rules
    .filter(({ actions }) => actions.includes(action))
    .map(({ id, effect, to }) => ({
      rule: id,
      effect,
      to: to.map((name) => ({ name, members: policy.roles[name]?.members ?? [] })),
    }))
}

function mayDo(app: FrontContext['app'], caller: IdentifiedCaller): readonly string[] {
  const names = app.project.inventory().devices.map(({ name }) => name)
  const may = (action: (typeof scopes)[number], devices: readonly string[]) =>
    isAllowed(app, caller, action, { devices })
  return scopes.filter((action) => may(action, []) || names.some((name) => may(action, [name])))
}

function meData({ app, address }: FrontContext, caller: IdentifiedCaller): MeData {
  const { principal, session } = caller
  const own = passkeysOf(app.project).filter(({ issuer, id }) => issuer === principal.issuer && id === principal.id)
  const isPerson = principal.kind === 'person' && session !== undefined
  return {
    now: app.clock.now(),
    csrf: tokenOf(caller),
    principal,
    until: session === undefined ? undefined : new Date(session.ends).toISOString(),
    passkeys: own.map(({ who, credential }) => ({ label: who, id: shortCredential(credential) })),
    ...(isPerson ? { registration: registrationOf(caller, address.origin) } : {}),
  }
}

function registrationOf({ principal }: IdentifiedCaller, origin: string): PasskeyRequest {
  const userId = createHash('sha256').update(memberName(principal)).digest('base64url')
  return {
    challenge: Buffer.from(systemRandom.hex(32), 'hex').toString('base64url'),
    rpId: new URL(origin).hostname,
    userId,
    userName: personName(principal),
  }
}
