/** How a decision came about: every rule that was looked at, which of them won, and from which layer. */
import { createContext, useContext, useId } from 'react';
import { formatCount, formatNumber } from '../../../src/protocol/format';
import { type ExplainedStep, type Explanation, ruleOrigin } from '../../../src/protocol/policy';
import { Progress } from '../controls';
import { Icon, ToneIcon } from '../icons';
import type { TimelineState } from '../state';
import { effectSign } from './effectSign';
import { Table } from './Table';

type ExplainingValue = Pick<TimelineState, 'explained' | 'explanations'> & {
  readonly onExplain: (seq: number, open: boolean) => void;
};

const NOTHING: ExplainingValue = { explained: new Set(), explanations: new Map(), onExplain: () => undefined };
const Context = createContext(NOTHING);

/** Gives the details below it what is known of derivations. */
export const Explaining = Context.Provider;

/** The derivation of the decision at `seq`, folded away until a person asks for it. */
export function Explain({ seq }: { seq: number }) {
  const { explained, explanations, onExplain } = useContext(Context);
  const body = useId();
  const open = explained.has(seq);
  return (
    <div className="explain">
      <button
        type="button"
        className="fold"
        aria-expanded={open}
        aria-controls={body}
        onClick={() => onExplain(seq, !open)}
      >
        <Icon name={open ? 'chevron-down' : 'chevron-right'} />
        Explain this decision
      </button>
      {open ? (
        <div id={body}>
          <Answer of={explanations.get(seq)} />
        </div>
      ) : null}
    </div>
  );
}

function Answer({ of }: { of: ReturnType<TimelineState['explanations']['get']> }) {
  if (of === undefined) return <Progress label="Deriving the decision again…" />;
  if (of.ok) return <Derivation explanation={of.explanation} />;
  return (
    <p role="alert">
      <ToneIcon name="error" tone="bad" />
      {`This decision cannot be explained: ${of.problem}`}
    </p>
  );
}

const COLUMNS = ['Rule', 'Effect', 'Matched', 'Why', 'Target', 'Layer', 'Source'];

function Derivation({ explanation: { decision, steps, moreSteps } }: { explanation: Explanation }) {
  const sign = effectSign(decision.decision);
  const matched = steps.filter((step) => step.matched).length;
  return (
    <>
      <p>
        <ToneIcon name={sign.icon} tone={sign.tone} />
        {`The call is ${sign.word === 'asks a person' ? 'asked about' : sign.word} by the rule `}
        <code>{decision.rule}</code>
        {`, which comes from ${ruleOrigin(decision.layer)}. Of all rules that match, the strictest wins: deny before ask before allow.`}
      </p>
      <Table
        caption={`${formatCount(steps.length, 'rule')} looked at, ${formatNumber(matched)} matched`}
        columns={COLUMNS.map((name) => ({ name }))}
        rows={steps.map((step, index) => ({ key: String(index), cells: cellsOf(step), ...weightOf(step) }))}
      />
      {moreSteps === 0 ? null : <p className="quiet">{`and ${formatCount(moreSteps, 'more step')}, not listed`}</p>}
    </>
  );
}

const weightOf = ({ won, matched }: ExplainedStep) =>
  won ? ({ weight: 'marked' } as const) : matched ? {} : ({ weight: 'quiet' } as const);

function cellsOf({ layer, source, rule, effect, target, matched, won, why }: ExplainedStep) {
  const sign = effectSign(effect);
  return [
    <code key="rule">{rule}</code>,
    <span key="effect" className="effect">
      <ToneIcon name={sign.icon} tone={matched ? sign.tone : 'neutral'} />
      {effect}
    </span>,
    won ? (
      <span key="matched" className="winner">
        <ToneIcon name="arrow-right" tone="active" />
        yes, wins
      </span>
    ) : matched ? (
      'yes'
    ) : (
      'no'
    ),
    why,
    target === null ? (
      <span key="target" className="quiet">
        the call
      </span>
    ) : (
      <code key="target">{target}</code>
    ),
    layer,
    source,
  ];
}
