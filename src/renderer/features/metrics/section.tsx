import type { ReactNode } from 'react';
import { useId } from 'react';

interface SectionProps {
  readonly title: string;
  /** What the numbers are, and of what. */
  readonly caption?: ReactNode;
  /** Controls, at the right. */
  readonly tools?: ReactNode;
  readonly isFirst?: boolean;
  readonly children: ReactNode;
}

/** A region of the page with its head. */
export function Section({ title, caption, tools, isFirst = false, children }: SectionProps): ReactNode {
  const id = useId();
  return (
    <section className="metrics-section" aria-labelledby={id}>
      <div className="section-head">
        {isFirst ? <h1 id={id}>{title}</h1> : <h2 id={id}>{title}</h2>}
        {caption && <span className="quiet caption-12">{caption}</span>}
        {tools && <div className="section-tools">{tools}</div>}
      </div>
      {children}
    </section>
  );
}
