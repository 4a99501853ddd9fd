import { connect } from "./host/connect";
import { Page } from "./panel/page";
import { panelView } from "./panel/panelView";
import { sideView } from "./side/sideView";
import "./theme.css";

new Page(document.body, document.body.dataset.view === "side" ? sideView : panelView, connect);
