// What may be wider than the page. A keyboard reaches it where it is; else it is no stop on the way.

import * as React from "react";

interface ScrolledProps {
  readonly label: string;
  readonly className?: string;
  readonly children: React.ReactNode;
}

export function Scrolled({ label, className = "", children }: ScrolledProps): React.ReactElement {
  const box = React.useRef<HTMLDivElement>(null);
  const [isWide, setWide] = React.useState(false);
  React.useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = () => setWide(element.scrollWidth > element.clientWidth + 1);
    const observer = new ResizeObserver(look);
    observer.observe(element);
    if (element.firstElementChild !== null) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  const reached = isWide ? { tabIndex: 0, role: "region", "aria-label": label } : {};
  return (
    <div ref={box} className={`wide ${className}`} {...reached}>
      {children}
    </div>
  );
}
