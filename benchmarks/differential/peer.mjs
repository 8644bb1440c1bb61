/* Decides cases with @cloud-copilot/iam-simulate (AGPL-3.0-or-later), which is run here in a
 * process of its own and is neither linked with, copied into nor delivered with Ormer.
 *
 *   node peer.mjs FOLDER < cases.jsonl           one decision a line, in order
 *   node peer.mjs FOLDER --bench N < cases.jsonl N decisions or more, policies loaded before
 *
 * FOLDER holds node_modules. The engine below the package's validation is asked, so that the
 * context reaches it as the case has it: a list is a multivalued key.
 */
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import path from 'node:path'

const [folder, flag, number] = process.argv.slice(2)
const load = createRequire(path.join(path.resolve(folder), 'package.json'))
const home = path.dirname(load.resolve('@cloud-copilot/iam-simulate'))
const inside = name => load(path.join(home, name))
const { authorize } = inside('core_engine/CoreSimulatorEngine.js')
const { AwsRequestImpl } = inside('request/request.js')
const { RequestContextImpl } = inside('requestContext.js')
const { DiscoveryContextKeyConstraints } = inside('context_keys/discoveryContextKeyConstraints.js')
const { isWildcardOnlyAction } = inside('util.js')
const { loadPolicy } = load('@cloud-copilot/iam-policy')

const FULL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] }
const all = (documents, name) => (documents ?? []).map((each, n) => loadPolicy(each, { name: `${name}${n}` }))
const one = (document, name) => document ? loadPolicy(document, { name }) : undefined
const principal = found => found.type === 'Service' ? found.service : found

function levels(found, name, implied) {
  return (found ?? []).map((level, n) => ({
    orgIdentifier: level.id ?? `${name}${n}`,
    policies: [...all(implied, `${name}${n}.implied`), ...all(level.policies, `${name}${n}.`)]
  }))
}

async function prepare(asked) {
  const { request } = asked
  const [service, name] = request.action.split(':')
  return {
    policies: {
      identityPolicies: all(asked.identityPolicies, 'identity'),
      sessionPolicy: one(asked.sessionPolicy, 'session'),
      resourcePolicy: one(asked.resourcePolicy, 'resource'),
      permissionBoundaries: asked.permissionBoundaries ? all(asked.permissionBoundaries, 'boundary') : undefined,
      vpcEndpointPolicies: asked.vpcEndpointPolicies ? all(asked.vpcEndpointPolicies, 'vpce') : undefined,
      serviceControlPolicies: levels(asked.scps, 'scp'),
      resourceControlPolicies: levels(asked.rcps, 'rcp', [FULL]),
      simulationParameters: { simulationMode: 'Strict', discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([]) }
    },
    wildcard: await isWildcardOnlyAction(service, name).catch(() => false),
    asked: request
  }
}

function decide({ policies, wildcard, asked }) {
  const resource = { resource: asked.resource, accountId: asked.resourceAccount }
  const context = new RequestContextImpl(asked.context ?? {})
  const request = new AwsRequestImpl(principal(asked.principal), resource, asked.action, context, wildcard)
  return authorize({ ...policies, request }).result
}

const kept = []
for await (const line of createInterface({ input: process.stdin })) {
  if (!line.trim()) continue
  const asked = JSON.parse(line)
  if (flag === '--bench') { kept.push(await prepare(asked)); continue }
  let answer
  try { answer = { id: asked.id, decision: decide(await prepare(asked)) } }
  catch (error) { answer = { id: asked.id, decision: 'Error', error: String(error?.message ?? error) } }
  if (!process.stdout.write(JSON.stringify(answer) + '\n')) await new Promise(go => process.stdout.once('drain', go))
}
if (flag === '--bench') {
  kept.forEach(decide)
  const rates = []
  for (let round = 0; round < 3; round++) {
    const started = process.hrtime.bigint()
    let done = 0
    while (done < Number(number)) { kept.forEach(decide); done += kept.length }
    rates.push(done / (Number(process.hrtime.bigint() - started) / 1e9))
  }
  console.log(JSON.stringify({ perSecond: Math.round(Math.max(...rates)) }))
}
