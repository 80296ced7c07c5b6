import type { RunEvent } from '../../../src/protocol/events';
import { formatNumber } from '../../../src/protocol/format';
import { Visible } from '../Visible';
import { Fact } from './KeyValue';

/** What a person let the run work on beside its plan. */
export function ZonesDetails({ event: { data } }: { event: RunEvent<'zones.widened'> }) {
  return (
    <dl className="facts">
      <Fact name="Widened by">{data.by}</Fact>
      <Fact name="Zones from here on">
        <ul className="globs">
          {data.zones.map((zone) => (
            <li key={zone}>
              <code>
                <Visible text={zone} />
              </code>
            </li>
          ))}
        </ul>
      </Fact>
      <Fact name="Reason">
        {data.reason === '' ? <span className="quiet">none given</span> : <Visible text={data.reason} />}
      </Fact>
    </dl>
  );
}

/** What a call has brought up that made the run sensitive, and what follows. */
export function SensitivityDetails({ event: { data } }: { event: RunEvent<'sensitivity.raised'> }) {
  const found = Object.entries(data.kinds).map(([kind, times]) => `${formatNumber(times)} × ${kind}`);
  return (
    <dl className="facts">
      <Fact name="Sensitivity">{`${data.to}, was ${data.from}`}</Fact>
      <Fact name="Found">{found.join(', ')}</Fact>
      <Fact name="In the result of">{data.call === null ? 'no call' : <code>{data.call}</code>}</Fact>
      <Fact name="From here on">
        The run stays sensitive. Before anything more is sent to a model that is not on this machine, a person is asked.
      </Fact>
    </dl>
  );
}
