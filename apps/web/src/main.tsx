import * as React from "react";
import { createRoot } from "react-dom/client";
import { App } from "./frame/app.tsx";

const place = document.getElementById("app");
if (place === null) throw new Error("the page has no place for the application");
createRoot(place).render(<App />);
