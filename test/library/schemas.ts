import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { inProcess } from '../cli/in-process.ts'

const compiled = new Map<string, ValidateFunction>()

/** What is wrong with a document by the schema that `eosflow schema NAME` prints, by a judge that is not ours. */
export async function faultsBy(name: string, document: unknown): Promise<readonly string[]> {
  const validate = compiled.get(name) ?? compile((await inProcess(['schema', name])).stdout)
  compiled.set(name, validate)
  validate(document)
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

function compile(schema: string): ValidateFunction {
  return new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(JSON.parse(schema) as object)
}
