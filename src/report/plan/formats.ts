import { groupChanges } from '../../change/plan/group.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { planMarkdown } from './markdown.ts'
import type { PlanDocument } from './result-schema.ts'
import { planText } from './text.ts'

export const planAs = { text: planText, json: planJson, markdown: planMarkdown } as const

function planJson(plan: Plan) {
  const groups = groupChanges(plan).map(({ devices, added, removed }) => ({ devices, added, removed }))
  const changed = plan.content.waves.flat().length
  const summary = { changed, unchanged: plan.content.devices.length - changed }
  const document: Omit<PlanDocument, 'plan'> = { version: 1, kind: 'plan', digest: plan.digest, summary, groups }
  return JSON.stringify({ ...document, plan })
}
