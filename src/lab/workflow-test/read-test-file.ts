import { posix } from 'node:path'
import type { Inventory } from '../../change/inventory/inventory.ts'
import { selectDevices } from '../../change/inventory/selector.ts'
import { uniqueProblems } from '../../change/plan/judged-change.ts'
import { compileWorkflow } from '../../change/workflow/compile.ts'
import type { Workflow } from '../../change/workflow/definition/workflow.ts'
import type { GivenParams } from '../../change/workflow/param/read.ts'
import type { Files } from '../../change/workflow/template/files.ts'
import { knownChecks } from '../../eos/check/builtin/known-checks.ts'
import { mergeConfig } from '../../eos/config/merge.ts'
import { parseConfig, renderConfig } from '../../eos/config/text/parse.ts'
import { type Fabric, parseFabric, readCable } from '../../eos/sim/fabric/fabric.ts'
import type { Cable } from '../../eos/sim/platform/facts.ts'
import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../model/error.ts'
import { definedMembers, isJsonObject, type Json } from '../../model/json.ts'
import { withVouchedForms } from '../../project/files/fabric-folder.ts'
import {
  type Feature,
  type TrialAnswers,
  type TrialKey,
  trialKeys,
  workflowKeys,
} from '../../project/system/feature/feature.ts'
import { absentProblem, filesAt, filesBeside } from '../../text/source/files.ts'
import {
  acceptUnless,
  keyPlaceOf,
  locatedAt,
  type Path,
  placeOf,
  problemsOf,
  refuse,
} from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { parseWith, readYaml } from '../../text/source/yaml.ts'
import { namingProblems } from './naming-problems.ts'
import { type Expectations, NO_TEXT, type TestCase, type WorkflowTestFile, workflowTestSchema } from './schema.ts'

export interface TestContext {
  readonly files: Files
  readonly inventory: Inventory
  readonly policyPresent: boolean
  readonly features?: readonly Feature[]
  readonly settings?: object
}

function answersIn(written: object, { name }: TrialKey): TrialAnswers['answers'] {
  return (written as Readonly<Record<string, TrialAnswers['answers']>>)[name] ?? {}
}

/**
 * Reads a test file and everything it names: its cases, or everything that is wrong with it and with the workflow and
 * the fabric behind it. `file` is its path from the project's root.
 */
export function readTestFile(
  content: string | Uint8Array,
  file: string,
  context: TestContext,
): ValueOrProblems<readonly TestCase[]> {
  const { features = [], settings = {} } = context
  const trials = trialKeys(features)
  const read = readYaml(content, file)
  if (!read.ok) return read
  if (isWorkflow(read.value.value)) return refuse(noTests(file))
  const parsed = parseWith(workflowTestSchema(trials), read.value)
  if (!parsed.ok) return parsed
  const { value: all } = parsed
  const { value: located } = read
  const workflows = new Map<string, ValueOrProblems<Workflow>>()
  const fabrics = new Map<string, ValueOrProblems<Fabric>>()
  const cases = all.cases.map(readCase)
  const problems = uniqueProblems([...cases.flatMap(problemsOf), ...sameNames()])
  return acceptUnless(problems, () => cases.flatMap((one) => (one.ok ? [one.value] : [])))

  function readCase(written: WorkflowTestFile['cases'][number], index: number): ValueOrProblems<TestCase> {
    const { name, faults, interrupt, expect } = written
    const workflow = readWorkflow(index)
    const fabric = readFabric(index)
    const arrangement = arrange(index, fabric.ok ? fabric.value : undefined)
    const known = fabric.ok ? fabric.value.devices.map(({ name }) => name) : undefined
    const intended = intendedTexts(index, known)
    if (!workflow.ok || !fabric.ok || !arrangement.ok || !intended.ok) {
      return acceptUnless([workflow, fabric, arrangement, intended].flatMap(problemsOf), never)
    }
    const target = written.target ?? all.target
    const testCase: TestCase = {
      file: located.file,
      name,
      at: keyPlaceOf(located, ['cases', index, 'name']),
      workflow: workflow.value,
      fabric: arrangedFabric(fabric.value, arrangement.value),
      given: paramsOf(index),
      ...definedMembers({ target }),
      files: filesOf(index),
      approvals: written.approvals ?? all.approvals ?? [],
      faults,
      intended: intended.value,
      services: { ...all.services, ...written.services },
      trials: trials.map((key) => ({
        key,
        settings,
        answers: { ...answersIn(all, key), ...answersIn(written, key) },
      })),
      ...definedMembers({ interrupt }),
      expect,
      devicesOf,
      placeOf: (path) => expectedAt(index, path),
      faultAt: (fault) => placeOf(located, ['cases', index, 'faults', fault]),
      pathOf: (named) => pathNamed(named, located.file, context.files),
      ...(expect.plan === undefined ? {} : { goldenPath: posix.join(posix.dirname(located.file), expect.plan) }),
    }
    const place = (path: Path) => keyPlaceOf(located, ['cases', index, ...path])
    const problems = [
      ...namingProblems(testCase, place),
      ...unknownServices(index),
      ...expectedNames(index, expect, fabric.value),
    ]
    return acceptUnless(problems, () => testCase)
  }

  function unknownServices(index: number): readonly Problem[] {
    return trials.flatMap((trial) => {
      const known = trial.services(settings)
      const namedIn = (written: object, ...path: Path) =>
        Object.keys(answersIn(written, trial)).flatMap((name) => {
          if (known.includes(name)) return []
          const at = keyPlaceOf(located, [...path, trial.name, name])
          return [{ ...trial.unknown(name), at, hint: didYouMean(name, known) }]
        })
      return [...namedIn(all), ...namedIn(all.cases[index] ?? {}, 'cases', index)]
    })
  }

  function sameNames(): readonly Problem[] {
    const seen = new Set<string>()
    return all.cases.flatMap(({ name }, index) => {
      if (!seen.has(name)) {
        seen.add(name)
        return []
      }
      const at = placeOf(located, ['cases', index, 'name'])
      const hint = 'give each case another name: a failure is found by it'
      return [{ code: 'same-name', message: `another case is named \`${name}\``, at, hint }]
    })
  }

  function filesOf(index: number) {
    const { files } = context
    const exchanged = { ...all.files, ...all.cases[index]?.files }
    const named = new Map(Object.entries(exchanged))
    if (named.size === 0) return files
    return filesAt(files, (path) => {
      const other = named.get(path)
      return other === undefined ? path : pathNamed(other, located.file, files)
    })
  }

  function readWorkflow(index: number): ValueOrProblems<Workflow> {
    const { policyPresent } = context
    const files = filesOf(index)
    const exchanged = JSON.stringify(all.cases[index]?.files ?? {})
    return readNamed(index, 'workflow', 'write `workflow: workflows/add-vlan.yaml`', (path, at) =>
      remembered(workflows, `${path} ${exchanged}`, () => {
        const content = files(path)
        if (content === undefined) return refuse(absentProblem(files, path, missing(`the workflow \`${path}\``, at)))
        return compileWorkflow(content, path, {
          files,
          policyPresent,
          keys: workflowKeys(features),
          settings,
          checks: knownChecks,
        })
      }),
    )
  }

  function readFabric(index: number): ValueOrProblems<Fabric> {
    const { files } = context
    const read = (path: string, at: Place) =>
      remembered(fabrics, path, () => {
        const file = posix.join(path, 'fabric.yaml')
        const content = files(file)
        if (content === undefined) return refuse(absentProblem(files, file, missing(`the fabric \`${path}\``, at)))
        const fabric = parseFabric(content, file, filesBeside(files, path))
        return fabric.ok ? withVouchedForms(fabric.value, files) : fabric
      })
    return readNamed(index, 'fabric', 'write `fabric: fabrics/dc1`', read, 'fabric.yaml')
  }

  function readNamed<T>(
    index: number,
    key: 'workflow' | 'fabric',
    hint: string,
    read: (path: string, at: Place) => ValueOrProblems<T>,
    inside = '',
  ): ValueOrProblems<T> {
    const own = all.cases[index]?.[key]
    const named = own ?? all[key]
    const at = placeOf(located, own === undefined ? [key] : ['cases', index, key])
    if (named === undefined) {
      const place = placeOf(located, ['cases', index])
      return refuse({ code: `no-${key}`, message: `this case names no ${key}`, at: place, hint })
    }
    return read(pathNamed(named, located.file, context.files, inside), at)
  }

  function arrange(index: number, fabric: Fabric | undefined): ValueOrProblems<Arrangement> {
    const own = all.cases[index]
    const problems: Problem[] = []
    const cables = ([[], ['cases', index]] as const).flatMap((path) => {
      const written = path.length === 0 ? all.cabling : (own?.cabling ?? [])
      return written.flatMap((text, at) => {
        const cable = readCable(text)
        if (cable !== undefined) return [cable]
        const place = placeOf(located, [...path, 'cabling', at])
        const hint = 'write it as `leaf1:Ethernet10 - newhost:eth0`'
        problems.push({ code: 'invalid-cable', message: `\`${text}\` is no cable`, at: place, hint })
        return []
      })
    })
    const setup = { ...all.setup, ...own?.setup }
    problems.push(
      ...strangersIn(
        index,
        'setup',
        fabric?.devices.map(({ name }) => name),
      ),
    )
    const lines = Object.fromEntries(Object.entries(setup).map(([name, text]) => [name, text.trimEnd().split('\n')]))
    return acceptUnless(problems, () => ({ lines, cables }))
  }

  function paramsOf(index: number): GivenParams {
    const at = (path: Path) => {
      return Object.keys(locatedAt(located, path)?.value ?? {}).flatMap((name) => {
        const value = locatedAt(located, [...path, name])
        return value === undefined ? [] : [[name, value] as const]
      })
    }
    return Object.fromEntries([...at(['params']), ...at(['cases', index, 'params'])])
  }

  function devicesOf(key: string) {
    const selected = selectDevices(key, context.inventory)
    return selected.ok ? selected.value.map(({ name }) => name) : []
  }

  function expectedAt(index: number, path: Path) {
    const whole: Path = ['cases', index, 'expect', ...path]
    return typeof path.at(-1) === 'number' ? placeOf(located, whole) : keyPlaceOf(located, whole)
  }

  function expectedNames(index: number, expect: Expectations, fabric: Fabric) {
    const { devices, network, running, state, checks, requests, leaves } = expect
    const inFabric = new Set(fabric.devices.map(({ name }) => name))
    return Object.entries({ devices, network, running, state, checks, requests, leaves }).flatMap(([member, keys]) =>
      Object.keys(keys ?? {}).flatMap((key) => {
        const at = expectedAt(index, [member, key])
        const selected = selectDevices(key, context.inventory, at)
        if (!selected.ok) return selected.problems
        const strange = selected.value.filter(({ name }) => !inFabric.has(name))
        return strange.map(({ name }) => ({
          code: 'unknown-device',
          message: `\`${name}\` is no switch of the fabric ${fabric.name}`,
          at,
          hint: 'a test can only tell how switches of its fabric end',
        }))
      }),
    )
  }

  function intendedTexts(index: number, known: readonly string[] | undefined) {
    const own = all.cases[index]?.intended ?? {}
    const problems: Problem[] = [...strangersIn(index, 'intended', known)]
    const { files } = context
    const texts = Object.entries({ ...all.intended, ...own }).map(([name, named]) => {
      if (named === NO_TEXT) return [name, null] as const
      const path = pathNamed(named, located.file, files)
      const content = files(path)
      const at = placeOf(located, [...(own[name] === undefined ? [] : ['cases', index]), 'intended', name])
      if (content === undefined) problems.push(absentProblem(files, path, missing(`the intended text \`${path}\``, at)))
      return [name, Buffer.from(content ?? '').toString('utf8')] as const
    })
    return acceptUnless(problems, (): TestCase['intended'] => Object.fromEntries(texts))
  }

  function strangersIn(index: number, member: 'setup' | 'intended', known?: readonly string[]) {
    const own = all.cases[index]?.[member] ?? {}
    return Object.keys({ ...all[member], ...own })
      .filter((name) => known?.includes(name) === false)
      .map((name) => ({
        code: 'unknown-device',
        message: `\`${name}\` is no switch of the fabric`,
        at: keyPlaceOf(located, [...(own[name] === undefined ? [] : ['cases', index]), member, name]),
        hint: didYouMean(name, known ?? []),
      }))
  }
}

function isWorkflow(value: Json) {
  return isJsonObject(value) && !('cases' in value) && ('steps' in value || 'states' in value)
}

function noTests(file: string) {
  const hint = `Its tests are in tests/, in a file with \`workflow: ${file}\` and \`cases:\`. All of them: eosflow test`
  return problemOf(file, 'no-tests', 'this is a workflow, and holds no tests', hint)
}

function remembered<T>(known: Map<string, ValueOrProblems<T>>, path: string, read: () => ValueOrProblems<T>) {
  const found = known.get(path) ?? read()
  known.set(path, found)
  return found
}

function never(): never {
  throw new RangeError('accepted in spite of problems')
}

interface Arrangement {
  readonly lines: Readonly<Record<string, readonly string[]>>
  readonly cables: readonly Cable[]
}

export function arrangedFabric(fabric: Fabric, { lines, cables }: Arrangement): Fabric {
  const ends = new Set(cables.flatMap(({ a, b }) => [endText(a), endText(b)]))
  const kept = fabric.cabling.filter(({ a, b }) => !ends.has(endText(a)) && !ends.has(endText(b)))
  return {
    ...fabric,
    cabling: [...kept, ...cables],
    devices: fabric.devices.map((device) => {
      const added = lines[device.name]
      if (added === undefined) return device
      const { startup, config, ...rest } = device
      const merged = (text: string) => renderConfig(mergeConfig(parseConfig(text), added))
      return { ...rest, config: merged(config), ...(startup === undefined ? {} : { startup: merged(startup) }) }
    }),
  }
}

function endText({ device, port }: Cable['a']) {
  return `${device}:${port}`
}

function pathNamed(named: string, file: string, files: Files, inside = '') {
  const beside = posix.join(posix.dirname(file), named)
  return files(posix.join(beside, inside)) === undefined ? posix.normalize(named) : beside
}

function missing(what: string, at: Place): Problem {
  return {
    code: 'no-such-file',
    message: `${what} is not there`,
    at,
    hint: 'write the path relative to this file or to the root of the project',
  }
}
