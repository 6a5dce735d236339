import {
  type DeclaredParams,
  type GivenParams,
  isGivenByFile,
  readParamFile,
  readParamsFile,
} from '../../change/workflow/param/read.ts'
import { problemOf } from '../../model/error.ts'
import { paramsWithSecret } from '../files/params-with-secret.ts'
import type { Host } from '../system/process/host.ts'
import { InputError, inputError, orProblems } from '../system/process/input-error.ts'
import { readGiven } from '../system/process/read-given.ts'

export interface TypedParams {
  readonly flag: string
  readonly pairs: readonly string[]
  readonly file?: string | undefined
}

export type ParamsFor = (declared: DeclaredParams['params']) => GivenParams

/** Reads the parameters of `-p key=value` and `--params FILE`; what is typed wins. A value `@FILE` of a table or an object is that file, and a CSV file of `--params` is the only table that the workflow has. */
export function typedParams(host: Host, { flag, pairs, file }: TypedParams): ParamsFor {
  const contents = new Map<string, Uint8Array>()
  const content = (path: string) => {
    const found = contents.get(path) ?? readGiven(host, path)
    contents.set(path, found)
    return found
  }
  const typed = pairs.map((pair) => pairIn(flag, pair))
  requireOnce(flag, typed)
  return (declared) => {
    const fromFile = file === undefined ? {} : paramsOfFile(flag, file, declared, content)
    const given = { ...fromFile, ...Object.fromEntries(typed.map((pair) => withFile(pair, declared, content))) }
    const problems = paramsWithSecret(host, given).map((name) => secretInParam(flag, name))
    if (problems.length > 0) throw new InputError(problems)
    return given
  }
}

function requireOnce(flag: string, typed: readonly (readonly [name: string, text: string])[]) {
  const [twice] = typed.filter(([name], index) => typed.findIndex(([other]) => other === name) < index)
  if (twice === undefined) return
  const [name, last] = twice
  const [, first = ''] = typed.find(([other]) => other === name) ?? []
  const message = `the parameter \`${name}\` is given twice: ${first} and ${last}`
  throw inputError(`${flag} ${name}`, 'bad-param', message, 'delete one of the two: which one is meant?')
}

function pairIn(flag: string, pair: string): readonly [name: string, text: string] {
  const at = pair.indexOf('=')
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)]
  throw inputError(
    `${flag} ${pair}`,
    'bad-param',
    `\`${flag} ${pair}\` has no value`,
    `Write name and value with = between them: ${flag} ${pair}=VALUE`,
  )
}

type Read = (path: string) => Uint8Array

function withFile(
  [name, text]: readonly [string, string],
  declared: DeclaredParams['params'],
  read: Read,
): readonly [string, GivenParams[string]] {
  const param = Object.hasOwn(declared, name) ? declared[name] : undefined
  if (param === undefined || !text.startsWith('@') || !isGivenByFile(param)) return [name, text]
  const path = text.slice(1)
  return [name, orProblems(readParamFile(read(path), path, param))]
}

function paramsOfFile(flag: string, path: string, declared: DeclaredParams['params'], read: Read) {
  if (!/\.csv$/i.test(path)) return orProblems(readParamsFile(read(path), path))
  const tables = Object.entries(declared).filter(([, { type }]) => type === 'table')
  const [[name, param] = ['', undefined], ...others] = tables
  if (param !== undefined && others.length === 0) return { [name]: orProblems(readParamFile(read(path), path, param)) }
  const names = tables.map(([one]) => one)
  const why = names.length === 0 ? 'the workflow has no table' : `the workflow has several tables: ${names.join(', ')}`
  const hint =
    names.length === 0 ? 'Write the parameters as YAML.' : `Name the one that it is: ${flag} ${name}=@${path}`
  throw inputError(path, 'bad-param', `a CSV file is a table, and ${why}`, hint)
}

function secretInParam(flag: string, name: string) {
  return problemOf(
    `${flag} ${name}`,
    'secret-parameter',
    `the parameter \`${name}\` holds a secret of this project`,
    'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.',
  )
}
