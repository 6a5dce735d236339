import { inventorySchema } from '../../../change/inventory/schema.ts'
import { complySchema } from '../../../change/plan/comply/comply-file.ts'
import { planSchema } from '../../../change/plan/plan.ts'
import { policyInputSchema } from '../../../change/plan/policy-input.ts'
import { gateAnswerSchema } from '../../../change/policy/gate-answer.ts'
import { policySchema } from '../../../change/policy/policy-schema.ts'
import { changeFileSchema } from '../../../change/workflow/change-file.ts'
import { workflowSchema } from '../../../change/workflow/definition/workflow-schema.ts'
import { catalogJsonSchema } from '../../../eos/check/read-catalog.ts'
import { invariantsSchema } from '../../../eos/invariant/pattern/invariants-schema.ts'
import { fabricSchema } from '../../../eos/sim/fabric/fabric-schema.ts'
import { recordedLine } from '../../../features/conformance/kit/recording.ts'
import { workflowTestSchema } from '../../../lab/workflow-test/schema.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { settingsSchema } from '../../../project/files/settings/settings.ts'
import { type Feature, trialKeys, workflowKeys } from '../../../project/system/feature/feature.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { checkResultSchema } from '../../../report/check-results/result-schema.ts'
import { complyResultSchema } from '../../../report/comply/result-schema.ts'
import { driftResultSchema } from '../../../report/drift/result-schema.ts'
import { errorResultSchema } from '../../../report/error-result-schema.ts'
import { executionsResultSchema } from '../../../report/execution/list-result-schema.ts'
import { executionResultSchema } from '../../../report/execution/result-schema.ts'
import { factsResultSchema } from '../../../report/facts/result-schema.ts'
import { inventoryResultSchema } from '../../../report/inventory/result-schema.ts'
import { planResultOf } from '../../../report/plan/result-schema.ts'
import {
  decisionResultSchema,
  historyResultSchema,
  identityResultSchema,
  snapshotResultSchema,
} from '../../../report/result-schemas.ts'
import { flatSchema } from '../../../text/source/flat-schema.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { jsonSchemaOf } from '../../../text/source/yaml.ts'
import { SCHEMA_NAMES } from './schema-names.ts'

const readers = (
  features: readonly Feature[],
): Readonly<Record<Exclude<(typeof SCHEMA_NAMES)[number], 'catalog'>, Parameters<typeof jsonSchemaOf>[0]>> => ({
  workflow: workflowSchema(workflowKeys(features)),
  change: changeFileSchema,
  inventory: inventorySchema,
  settings: settingsSchema(features),
  fabric: fabricSchema,
  plan: planSchema(workflowKeys(features)),
  invariants: invariantsSchema(),
  policy: policySchema(),
  'policy-input': policyInputSchema,
  'gate-answer': gateAnswerSchema,
  test: workflowTestSchema(trialKeys(features)),
  comply: complySchema,
  'comply-result': complyResultSchema,
  'plan-result': planResultOf(planSchema(workflowKeys(features))),
  'execution-result': executionResultSchema,
  'executions-result': executionsResultSchema,
  'history-result': historyResultSchema,
  'drift-result': driftResultSchema,
  'check-result': checkResultSchema,
  'facts-result': factsResultSchema,
  'snapshot-result': snapshotResultSchema,
  'decision-result': decisionResultSchema,
  'identity-result': identityResultSchema,
  'inventory-result': inventoryResultSchema,
  'error-result': errorResultSchema,
  recording: recordedLine,
})

/** Gives the JSON Schema (draft 2020-12) of a file format, as text. Throws InputError for a name that no format has. */
export function schemaTexts(features: readonly Feature[]): (name: string) => string {
  // To make one takes up to 50 ms.
  const texts = new Map<string, string>()
  return (name) => {
    const text = texts.get(name) ?? JSON.stringify(schemaNamed(name, features), null, 2)
    texts.set(name, text)
    return text
  }
}

function schemaNamed(name: string, features: readonly Feature[]): Json {
  const known = SCHEMA_NAMES.find((one) => one === name)
  if (known !== undefined)
    return identified(
      known,
      known === 'catalog' ? catalogJsonSchema() : flatSchema(jsonSchemaOf(readers(features)[known])),
    )
  throw inputError(
    `schema ${name}`,
    'unknown-schema',
    `there is no file format \`${name}\``,
    didYouMean(name, SCHEMA_NAMES),
  )
}

function identified(name: string, schema: Json): Json {
  if (!isJsonObject(schema)) return schema
  const { $schema = null, ...rest } = schema
  return { $schema, $id: `urn:eosflow:schema:${name}:${versionOf(schema)}`, ...rest }
}

function versionOf({ properties }: JsonObject) {
  const version = isJsonObject(properties) && isJsonObject(properties.version) ? properties.version : {}
  const forms = [version, ...(Array.isArray(version.anyOf) ? version.anyOf.filter(isJsonObject) : [])]
  const named = forms.flatMap((form) => [form.const, ...(Array.isArray(form.enum) ? form.enum : [])])
  return Math.max(1, ...named.filter((one): one is number => typeof one === 'number'))
}
