import { Icon } from '../icons';
import { KIND_ICONS } from './words';

/** What shapes and lines mean. */
export function Legend() {
  return (
    <ul className="graph-legend" aria-label="Legend">
      <li>
        <span className="sample-node">
          <Icon name={KIND_ICONS.deterministic} />
        </span>
        deterministic
      </li>
      <li>
        <span className="sample-node is-agent">
          <Icon name={KIND_ICONS.agent} />
        </span>
        agent
      </li>
      <li>
        <Icon name="person" />
        asks a person
      </li>
      <li>
        <i className="sample route-on_success" />
        success
      </li>
      <li>
        <i className="sample route-on_failure" />
        failure
      </li>
      <li>
        <i className="sample route-on_exhausted" />
        exhausted
      </li>
    </ul>
  );
}
