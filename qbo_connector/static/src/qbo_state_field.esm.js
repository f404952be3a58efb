import {BadgeField, badgeField} from "@web/views/fields/badge/badge_field";
import {onPatched, onWillUnmount} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const COLORS = {
    pending: "info",
    synced: "success",
    blocked: "danger",
    drifted: "warning",
};
// Often at first, then less and less: an order is in QuickBooks within seconds.
const FIRST_SECONDS = 2;
const LONGEST_SECONDS = 60;
// A document that is there stays “In QuickBooks” until its change has been sent.
const WATCH_SECONDS = 30;

/**
 * The state on the way to QuickBooks. While a record waits, and for a while after it
 * was saved, look what became of it, so that the badge of an open form turns by itself.
 */
export class QboStateField extends BadgeField {
    setup() {
        this.orm = useService("orm");
        this.seconds = FIRST_SECONDS;
        this.watchedUntil = 0;
        onPatched(() => {
            this.watchedUntil = Date.now() + WATCH_SECONDS * 1000;
        });
        this.timer = setTimeout(() => this.look(), this.seconds * 1000);
        onWillUnmount(() => {
            this.stopped = true;
            clearTimeout(this.timer);
        });
    }

    get badgeClass() {
        return `text-bg-${COLORS[this.state] || "300"}`;
    }

    get state() {
        return this.props.record.data[this.props.name];
    }

    async look() {
        if (this.state === "pending" || Date.now() < this.watchedUntil) {
            try {
                await this.reloadIfChanged();
            } catch {
                // No connection, or logged out: the page itself will say so.
                return;
            }
            this.seconds = Math.min(this.seconds * 1.3, LONGEST_SECONDS);
        } else {
            this.seconds = FIRST_SECONDS;
        }
        if (!this.stopped) {
            this.timer = setTimeout(() => this.look(), this.seconds * 1000);
        }
    }

    async reloadIfChanged() {
        const {record, name} = this.props;
        const [now] = await this.orm.silent.read(record.resModel, [record.resId], [name]);
        const changed = now && now[name] !== this.state;
        if (changed && !this.stopped && !(await record.isDirty())) {
            await record.load();
        }
    }
}

export const qboStateField = {...badgeField, component: QboStateField};

/** In lists there is no looking: too many records. */
export class QboStateListField extends BadgeField {
    get formattedValue() {
        const {qbo_progress: progress} = this.props.record.data;
        return progress || super.formattedValue;
    }

    get badgeClass() {
        return `text-bg-${COLORS[this.props.record.data[this.props.name]] || "300"}`;
    }
}

registry.category("fields").add("qbo_state", qboStateField);
registry
    .category("fields")
    .add("list.qbo_state", {...badgeField, component: QboStateListField});
