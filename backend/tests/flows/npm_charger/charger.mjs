// A session from boot to stop over OCPP 1.6J; ends the session when it is asked to by the operator.
// Argument: JSON {url, id, password, idTag, meterStart, readings, meterStop, awaitRemoteStop}, and
// over TLS files in PEM: {ca, certificate, key}.
// Prints one JSON object: what the Central System answered.
import { readFileSync } from 'node:fs';
import { RPCClient } from 'ocpp-rpc';

const order = JSON.parse(process.argv[2]);
const answers = {};
const file = (name) => (name ? readFileSync(name) : undefined);
const client = new RPCClient({
  endpoint: order.url,
  identity: order.id,
  password: order.password ?? undefined,
  wsOpts: { ca: file(order.ca), cert: file(order.certificate), key: file(order.key) },
  protocols: ['ocpp1.6'],
  strictMode: true,
  reconnect: false,
});

let remoteStop;
const remoteStopAsked = new Promise((resolve) => {
  remoteStop = resolve;
});
client.handle('RemoteStopTransaction', ({ params }) => {
  remoteStop(params.transactionId);
  return { status: 'Accepted' };
});

const now = () => new Date().toISOString();
await client.connect();
answers.protocol = client.protocol;
answers.boot = await client.call('BootNotification', {
  chargePointVendor: 'Npm',
  chargePointModel: 'Rpc',
});
await client.call('StatusNotification', {
  connectorId: 1,
  errorCode: 'NoError',
  status: 'Preparing',
  timestamp: now(),
});
answers.authorize = await client.call('Authorize', { idTag: order.idTag });
answers.start = await client.call('StartTransaction', {
  connectorId: 1,
  idTag: order.idTag,
  meterStart: order.meterStart,
  timestamp: order.startedAt,
});
const { transactionId } = answers.start;
for (const registerWh of order.readings) {
  answers.meter = await client.call('MeterValues', {
    connectorId: 1,
    transactionId,
    meterValue: [
      {
        timestamp: now(),
        sampledValue: [{ value: String(registerWh), measurand: 'Energy.Active.Import.Register' }],
      },
    ],
  });
}
if (order.awaitRemoteStop) {
  console.log(JSON.stringify({ waiting: transactionId }));
  answers.remoteStop = await remoteStopAsked;
}
answers.stop = await client.call('StopTransaction', {
  transactionId,
  meterStop: order.meterStop,
  timestamp: now(),
  reason: order.awaitRemoteStop ? 'Remote' : 'Local',
});
await client.close();
console.log(JSON.stringify(answers));
