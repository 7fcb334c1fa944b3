"""What units owe to a case: work orders, each with its plan and outcome. The case gives one answer."""

from crm.cases.orders.actions.asking import MOST_ORDERS, NewOrder, ask_order, withdraw_order
from crm.cases.orders.actions.doing import (
    OrderPlan,
    OrderReport,
    accept_order,
    finish_order,
    order_sent_before,
    plan_order,
    secure_order,
    send_back_order,
)
from crm.cases.orders.actions.handing import give_orders_to, hand_orders_over, orders_held
from crm.cases.orders.actions.on_the_ground import need_more_for_order, set_out_for_order
from crm.cases.orders.events import WorkEnded
from crm.cases.orders.lifecycle import OPEN, ORDER_STEPS, OUTCOMES, SLOTS, OrderState, order_steps_from
from crm.cases.orders.models import WorkOrder
from crm.cases.orders.queries import (
    ORDER_VIEWS,
    Order,
    Passed,
    field_orders,
    may_withdraw,
    one_order,
    order_by_id,
    order_counts,
    order_page,
    orders_of,
    sees_case,
)

__all__ = [
    "MOST_ORDERS", "OPEN", "ORDER_STEPS", "ORDER_VIEWS", "OUTCOMES", "SLOTS", "NewOrder", "Order",
    "OrderPlan", "OrderReport", "OrderState", "Passed", "WorkEnded", "WorkOrder", "accept_order",
    "ask_order", "field_orders", "finish_order", "give_orders_to", "hand_orders_over", "may_withdraw",
    "need_more_for_order", "one_order", "order_by_id", "order_counts", "order_page", "order_sent_before",
    "order_steps_from", "orders_held", "orders_of", "plan_order", "secure_order", "sees_case",
    "send_back_order", "set_out_for_order", "withdraw_order",
]  # fmt: skip
