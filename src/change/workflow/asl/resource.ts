import { ownMember } from '../../../model/defined-members.ts'
import { accept, refuse } from '../../../text/source/checked.ts'
import type { Dialect, MachineType } from './part.ts'

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
