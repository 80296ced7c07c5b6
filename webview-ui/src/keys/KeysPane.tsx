/** Every key of the timeline. */
import { IconButton } from '../controls';
import { KEYS } from './keys';

export function KeysPane({ onClose }: { onClose: () => void }) {
  return (
    <section className="keys" aria-label="Keyboard shortcuts">
      <div className="pane-title">
        <h2>Keyboard shortcuts</h2>
        <IconButton label="Close Keyboard Shortcuts" icon="close" onClick={onClose} />
      </div>
      <div className="keys-body">
        {KEYS.map(({ title, lines }) => (
          <div key={title}>
            <h3>{title}</h3>
            <dl>
              {lines.map(({ keys, words }) => (
                <div key={words}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </section>
  );
}
