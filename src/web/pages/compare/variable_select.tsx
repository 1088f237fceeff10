/**
 * Choosing what runs are laid out by.
 *
 * @module
 */

import type { JSX } from "preact";
import { COMPARE } from "../../text/compare.ts";
import type { Variables } from "./use_variables.ts";
import type { Variable } from "./variables.ts";

/** What is chosen from. */
export interface VariableSelectProps {
  readonly label: string;
  readonly variables: Variables;
  /** The column; `""` for none. */
  readonly value: string;
  /** What `""` means; without it, nothing cannot be chosen. */
  readonly none?: string;
  /** Only these. */
  readonly filter?: (variable: Variable) => boolean;
  readonly onChange: (column: string) => void;
}

/** Shows a choice of a hyperparameter or metric. */
export function VariableSelect(props: VariableSelectProps): JSX.Element {
  const { label, variables, value, none, filter = () => true } = props;
  const groups = [
    [COMPARE.metricsGroup(), variables.metrics],
    [COMPARE.hparamsGroup(), variables.hparams],
    [COMPARE.otherGroup(), variables.others],
  ] as const;
  const known = groups.some(([, list]) => list.some(({ id }) => id === value));
  return (
    <label class="choice">
      <span>{label}</span>
      <select
        class="input"
        value={value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        {none !== undefined && <option value="">{none}</option>}
        {!known && value !== "" && (
          <option value={value}>
            {variables.find(value)?.label ?? value}
          </option>
        )}
        {groups.map(([title, list]) => {
          const options = list.filter(filter);
          return options.length > 0 && (
            <optgroup key={title} label={title}>
              {options.map((each) => (
                <option key={each.id} value={each.id}>{each.label}</option>
              ))}
            </optgroup>
          );
        })}
      </select>
    </label>
  );
}
