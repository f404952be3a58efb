import {Component, onMounted, onWillUnmount, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const MILLISECONDS = 3000;

/**
 * While it is shown, the form's figures follow what goes on in the background.
 * What a person is typing stays.
 */
export class QboLive extends Component {
    static template = xml`<i class="fa fa-refresh fa-spin me-1"/>`;
    static props = {...standardWidgetProps};

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.follow(), MILLISECONDS);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async follow() {
        const record = this.props.record;
        try {
            if (!document.hidden && record.resId && !(await record.isDirty())) {
                await record.load();
            }
        } catch {
            // No connection, or logged out: the page itself will say so.
            clearInterval(this.timer);
        }
    }
}

registry.category("view_widgets").add("qbo_live", {component: QboLive});
