import type { Place, ValueOrProblems } from '../../../model/error.ts'
import { definedMembers, isJsonObject, type Json, type JsonObject, ownMember } from '../../../model/json.ts'
import type { Scope } from '../../../model/principal.ts'
import {
  accept,
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  type Path,
  placeOf,
  refuse,
} from '../../../text/source/located.ts'
import type { TaskState, Undo } from '../machine/machine.ts'

export class DefinitionReader {
  readonly located: LocatedValue
  readonly dialect: Dialect
  language: QueryLanguageName
  readonly faults: DefinitionFault[] = []
  readonly names = new Set<string>()
  readonly labels = new Set<string>()

  constructor(located: LocatedValue, dialect: Dialect) {
    this.located = located
    this.dialect = dialect
    this.language = dialect.languages[0]
  }

  fail(path: Path, message: string, code: FaultCode = 'schema-validation-failed', hint?: string): void {
    this.faults.push({ code, message, path, ...definedMembers({ hint }) })
  }

  placeOf(path: Path): Place {
    return placeIn(this.located, path)
  }
}

export interface Range {
  readonly min?: number
  readonly max?: number
}

/** Each accessor gives a member in its demanded type; a member of another type is a fault and reads as absent, so that all faults are found in one pass. */
export class DefinitionPart {
  readonly reading: DefinitionReader
  readonly value: JsonObject
  readonly path: Path

  constructor(reading: DefinitionReader, value: JsonObject, path: Path) {
    this.reading = reading
    this.value = value
    this.path = path
  }

  get keys(): readonly string[] {
    return Object.keys(this.value)
  }

  has(key: string): boolean {
    return Object.hasOwn(this.value, key)
  }

  raw(key: string): Json | undefined {
    return this.has(key) ? this.value[key] : undefined
  }

  fail(key: string, message: string, code?: FaultCode): void {
    this.reading.fail([...this.path, key], message, code)
  }

  failWhole(message: string, code?: FaultCode): void {
    this.reading.fail(this.path, message, code)
  }

  text(key: string): string | undefined {
    const value = this.raw(key)
    if (value === undefined || typeof value === 'string') return value
    return this.#expected(key, 'String')
  }

  boolean(key: string): boolean | undefined {
    const value = this.raw(key)
    if (value === undefined || typeof value === 'boolean') return value
    return this.#expected(key, 'Boolean')
  }

  integer(key: string, range: Range = {}): number | undefined {
    const value = this.raw(key)
    if (value !== undefined && !Number.isInteger(value)) return this.#expected(key, 'Integer')
    return this.number(key, range)
  }

  number(
    key: string,
    { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Range = {},
  ): number | undefined {
    const value = this.raw(key)
    if (value === undefined) return undefined
    if (typeof value !== 'number') return this.#expected(key, 'Float')
    if (value < min) this.fail(key, `Minimum value is ${min}`)
    if (value > max) this.fail(key, `Maximum value is ${max}`)
    return value
  }

  oneOf<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const value = this.text(key)
    if (value === undefined) return undefined
    const word = words.find((one) => one === value)
    if (word === undefined) this.fail(key, `Value is not one of: [${words.join(', ')}]`)
    return word
  }

  object(key: string): DefinitionPart | undefined {
    const value = this.raw(key)
    if (value === undefined) return undefined
    if (!isJsonObject(value)) return this.#expected(key, 'Object')
    return new DefinitionPart(this.reading, value, [...this.path, key])
  }

  objects(key: string): readonly DefinitionPart[] | undefined {
    const value = this.raw(key)
    if (value === undefined) return undefined
    if (!Array.isArray(value)) return this.#expected(key, 'Array')
    return value.flatMap((one: Json, index) => {
      const path = [...this.path, key, index]
      if (isJsonObject(one)) return [new DefinitionPart(this.reading, one, path)]
      this.reading.fail(path, 'Expected value of type Object')
      return []
    })
  }

  demand(...keys: readonly string[]): void {
    const missing = keys.filter((key) => !this.has(key))
    if (missing.length > 0) this.failWhole(`These fields are required: [${missing.join(', ')}]`)
  }

  /** Reports members of which there must not be two. */
  atMostOneOf(...keys: readonly string[]): boolean {
    const there = keys.filter((key) => this.has(key))
    if (there.length > 1) this.failWhole(`There should only be one of the following fields: [${keys.join(', ')}]`)
    return there.length > 0
  }

  exactlyOneOf(...keys: readonly string[]): void {
    if (!this.atMostOneOf(...keys)) this.failWhole(`One of these fields is required: [${keys.join(', ')}]`)
  }

  allowOnly(...keys: readonly string[]): void {
    for (const key of this.keys) {
      if (!keys.includes(key)) this.failWhole(`Field '${key}' is not supported`)
    }
  }

  #expected(key: string, type: string): undefined {
    this.fail(key, `Expected value of type ${type}`)
    return undefined
  }
}

export type FaultCode =
  | 'schema-validation-failed'
  | 'missing-transition-target'
  | 'missing-end-state'
  | 'duplicate-state-name'
  | 'invalid-state-name'
  | 'invalid-label-name'
  | 'duplicate-label-name'
  | 'invalid-jsonata-expression'
  | 'unsupported-jsonata-expression'

export interface DefinitionFault {
  readonly code: FaultCode
  readonly message: string
  readonly path: Path
  readonly hint?: string
}

/** A way into a definition as AWS writes it: `/States/Route/Choices[0]/Next`, and `/` for the whole of it. */
export function pointerOf(path: Path): string {
  if (path.length === 0) return '/'
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `/${step}`)).join('')
}

/** Where a part of a definition is written: a state or another object by its key, a value by itself. */
export function placeIn(located: LocatedValue, path: Path): Place {
  const value = locatedAt(located, path)?.value
  return typeof value === 'object' ? keyPlaceOf(located, path) : placeOf(located, path)
}

export type MachineType = 'STANDARD' | 'EXPRESS'

export type QueryLanguageName = 'JSONPath' | 'JSONata'

export interface TaskBinding {
  readonly task: string
  readonly scope: Scope
  readonly effect: TaskState['effect']
  readonly undo: Undo
  readonly token: boolean
}

export interface Dialect {
  readonly type: MachineType
  readonly languages: readonly [QueryLanguageName, ...QueryLanguageName[]]
  /**
   * Whether a machine may say what Amazon States Language cannot: `Undo`, `Effect` and `Permissions` of a Task, the switches of the
   * plan as `Items` of a Map, and tolerated failures of an inline Map.
   */
  readonly extensions: boolean
  /** The largest input, output or result of a state, bytes of JSON in UTF-8; absent without limit. */
  readonly payloadBytes?: number
  /** What a `Resource` stands for; also that of an `Undo`, whose task alone is used. */
  resource(resource: string, at: Place): ValueOrProblems<TaskBinding>
}

export type TaskStep = 'Scheduled' | 'Started' | 'Submitted' | 'Succeeded' | 'Failed' | 'TimedOut'

const PREFIX = { lambda: 'LambdaFunction', activity: 'Activity', service: 'Task' } as const

/** A Lambda function that is named by its own ARN has `LambdaFunction…` events, an activity `Activity…`, and a service integration `Task…` (recorded from AWS). */
export function taskEventName(resource: string, step: TaskStep): string {
  return `${PREFIX[resourceOf(resource)?.kind ?? 'service']}${step}`
}

/** What the events of a service integration call it: `sqs` and `sendMessage.waitForTaskToken`. */
export function integrationOf(resource: string): { readonly resourceType: string; readonly resource: string } {
  const [type = '', ...action] = resource.split(':').slice(5)
  return { resourceType: type, resource: action.join(':') }
}

// How large an input, output or result of a state may be in Step Functions, bytes (docs.aws.amazon.com, "Service quotas").
const PAYLOAD_BYTES = 262_144

export function rawAsl(type: MachineType): Dialect {
  return {
    type,
    languages: ['JSONPath', 'JSONata'],
    extensions: false,
    payloadBytes: PAYLOAD_BYTES,
    resource(resource, at) {
      const message = refusalOf(resource, type)
      if (message !== undefined) return refuse({ code: 'schema-validation-failed', message, at })
      const token = resourceOf(resource)?.pattern !== 'request'
      return accept({ task: resource, scope: 'task.exec', effect: 'read', undo: { by: 'none' }, token })
    },
  }
}

export type IntegrationPattern = 'request' | 'sync' | 'waitForTaskToken'

export type Resource =
  | { readonly kind: 'lambda'; readonly pattern: 'request' }
  | { readonly kind: 'activity'; readonly pattern: 'request' }
  | {
      readonly kind: 'service'
      readonly pattern: IntegrationPattern
      readonly service: string
      readonly action: string
    }

const LAMBDA = /^arn:[^:\s]+:lambda:[^:\s]+:[^:\s]+:function:[^:\s]+(?::[^:\s]+)?$/
const ACTIVITY = /^arn:[^:\s]+:states:[^:\s]+:[^:\s]+:activity:[^:\s]+$/
const SERVICE =
  /^arn:[^:\s]+:states:::([a-z0-9-]+):([A-Za-z0-9]+(?::[A-Za-z0-9]+)?)(?:\.(sync|sync:2|waitForTaskToken))?$/

// The service integrations that Step Functions has of its own, and what they can do besides a request: `s` run a job (`.sync`), `t` wait for a
// task token (docs.aws.amazon.com, "Integrating services").
const OPTIMISED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  apigateway: { invoke: 't' },
  athena: { startQueryExecution: 's', stopQueryExecution: '', getQueryExecution: '', getQueryResults: '' },
  batch: { submitJob: 's' },
  bedrock: { invokeModel: '', createModelCustomizationJob: 's' },
  codebuild: {
    startBuild: 's',
    stopBuild: '',
    batchDeleteBuilds: '',
    batchGetReports: '',
    startBuildBatch: 's',
    stopBuildBatch: '',
    retryBuildBatch: 's',
    deleteBuildBatch: '',
  },
  databrew: { startJobRun: 's' },
  dynamodb: { getItem: '', putItem: '', deleteItem: '', updateItem: '' },
  ecs: { runTask: 'st' },
  eks: {
    createCluster: 's',
    deleteCluster: 's',
    createFargateProfile: 's',
    deleteFargateProfile: 's',
    createNodegroup: 's',
    deleteNodegroup: 's',
    runJob: 's',
    call: '',
  },
  elasticmapreduce: {
    createCluster: 's',
    terminateCluster: 's',
    addStep: 's',
    cancelStep: '',
    setClusterTerminationProtection: '',
    modifyInstanceFleetByName: '',
    modifyInstanceGroupByName: '',
  },
  'emr-containers': { createVirtualCluster: '', deleteVirtualCluster: 's', startJobRun: 's' },
  'emr-serverless': {
    createApplication: 's',
    startApplication: 's',
    stopApplication: 's',
    deleteApplication: 's',
    startJobRun: 's',
    cancelJobRun: 's',
  },
  events: { putEvents: 't' },
  glue: { startJobRun: 's' },
  http: { invoke: '' },
  lambda: { invoke: 't' },
  mediaconvert: { createJob: 's' },
  sagemaker: {
    createEndpoint: '',
    createEndpointConfig: '',
    createHyperParameterTuningJob: 's',
    createLabelingJob: 's',
    createModel: '',
    createProcessingJob: 's',
    createTrainingJob: 's',
    createTransformJob: 's',
    updateEndpoint: '',
  },
  sns: { publish: 't' },
  sqs: { sendMessage: 't' },
  states: { startExecution: 'st' },
}

/** The resource that an ARN names; undefined when Step Functions has none of that name. */
export function resourceOf(arn: string): Resource | undefined {
  if (LAMBDA.test(arn)) return { kind: 'lambda', pattern: 'request' }
  if (ACTIVITY.test(arn)) return { kind: 'activity', pattern: 'request' }
  const [, service = '', action = '', suffix] = SERVICE.exec(arn) ?? []
  const pattern = suffix === undefined ? 'request' : suffix === 'waitForTaskToken' ? suffix : 'sync'
  return isIntegrated(service, action, pattern) ? { kind: 'service', pattern, service, action } : undefined
}

/** Why a machine of this type cannot have the resource; undefined when it can (recorded from AWS for task tokens). */
export function refusalOf(arn: string, type: MachineType): string | undefined {
  const resource = resourceOf(arn)
  if (resource === undefined) {
    return `The resource provided ${arn} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`
  }
  if (type === 'STANDARD') return undefined
  if (resource.kind === 'activity') return 'Express state machine does not support Activity ARN'
  if (resource.pattern === 'request') return undefined
  return `Express state machine does not support '.${resource.pattern}' service integration`
}

function isIntegrated(service: string, action: string, pattern: IntegrationPattern): boolean {
  if (service === 'aws-sdk') return pattern !== 'sync' && action.includes(':')
  const can = ownMember(OPTIMISED, service)
  const patterns = can && ownMember(can, action)
  if (patterns === undefined) return false
  return pattern === 'request' || patterns.includes(pattern === 'sync' ? 's' : 't')
}
