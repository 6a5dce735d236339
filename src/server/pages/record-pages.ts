import { z } from 'zod'
import { sourceOf } from '../../app/audit/source-of.ts'
import { chosenDevices } from '../../app/chosen-devices.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { explainPolicy, policyNotes } from '../../app/policy/explain-policy.ts'
import { scopes } from '../../model/principal.ts'
import { personName } from '../../report/page/execution-item.ts'
import { mePage } from '../../report/page/me.ts'
import { policyPage } from '../../report/page/policy.ts'
import { recordItem, recordPage } from '../../report/page/record.ts'
import type { Route } from '../route.ts'
import { newestRecords } from '../routes/record-routes.ts'
import { page } from '../routes/shown.ts'
import { definePage, tokenOf } from './define-page.ts'
import { filesFor } from './execution-pages.ts'
import { namesFor } from './overview-data.ts'

const text = z.string().max(200).optional()

/** The record, the policy, and who one is. */
export const recordPages: readonly Route[] = [
  definePage({
    path: '/record',
    action: 'audit.read',
    summary: 'Record',
    input: z.strictObject({ ...page, execution: text, switch: text, actor: text, code: text }),
    show: async ({ app }, { caller, input }) => {
      await requireAllowed(app, caller, 'audit.read')
      const { limit, after, ...asked } = input
      const filter = Object.fromEntries(
        Object.entries(asked).filter(([, value]) => value !== undefined && value !== ''),
      )
      const { switch: device, ...rest } = filter as typeof asked
      const { records, next } = await newestRecords(app, { ...rest, device }, limit, after)
      const source = sourceOf(app)
      return recordPage({
        now: app.clock.now(),
        origin: source.origin,
        filter,
        items: records.map((record) => recordItem(record, source)),
        next,
      })
    },
  }),
  definePage({
    path: '/policy',
    action: 'own',
    summary: 'What the policy says',
    input: z.strictObject({ action: z.enum(scopes).default('execution.start'), switch: text, workflow: text }),
    show: (front, { caller, input }) => {
      const { app } = front
      const { action, switch: target = '', workflow = '' } = input
      const chosen = target === '' ? [] : chosenDevices(app.project.inventory(), target)
      const request = {
        principal: caller.principal,
        action,
        at: app.clock.now(),
        devices: chosen.map(({ name, tags }) => ({ name, tags })),
        ...(workflow === '' ? {} : { workflow }),
      }
      const loaded = app.project.policy()
      return policyPage({
        now: app.clock.now(),
        who: personName(caller.principal),
        policy: loaded === undefined ? undefined : { file: app.project.settings.policy, digest: loaded.digest },
        question: {
          action,
          switch: target === '' ? undefined : target,
          workflow: workflow === '' ? undefined : workflow,
        },
        explained: explainPolicy(app.project, request, { perSwitch: target !== '' }),
        notes: policyNotes(app.project),
        switches: namesFor(app, caller),
        workflows: filesFor(front, caller),
      })
    },
  }),
  definePage({
    path: '/me',
    action: 'own',
    summary: 'Who you are',
    show: ({ app }, { caller }) =>
      mePage({
        now: app.clock.now(),
        csrf: tokenOf(caller),
        principal: caller.principal,
        until: caller.session === undefined ? undefined : new Date(caller.session.ends).toISOString(),
        passkeys: [],
      }),
  }),
]
